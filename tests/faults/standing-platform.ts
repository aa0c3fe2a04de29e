import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Document, parse } from 'yaml';
import { askEffects } from '../../src/rehearsal/control.ts';
import { openRehearsal } from '../../src/rehearsal/site.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { SecretSpec } from '../../src/runbook/types.ts';
import { type OperatorHome, operatorHome } from '../e2e/home.ts';

/**
 * A rehearsal's platform that outlives the engines: a runbook walks it as its real `staging`, so that what an engine did
 * before it was killed is still there when the run is resumed, and can be counted where it was done.
 */
export interface StandingPlatform {
  home: OperatorHome;
  /** Path of the runbook, whose `staging` is this platform. */
  runbook: string;
  /** Where the steps run. */
  cwd: string;
  /** Environment of an engine. */
  env: Readonly<Record<string, string>>;
  /** How many releases the platform began, and how many of them it completed: a flyctl that is killed interrupts its own. */
  releases(): Promise<{ begun: number; complete: number }>;
  /** How many guests have the cabin from this night on. */
  bookings(checkIn: string): Promise<number>;
  close(): Promise<void>;
}

const RUNBOOK = 'cabanas-staging';
const TOKEN = 'FLY_API_TOKEN';
const DATABASE_URL: SecretSpec = { name: 'DATABASE_URL', ask: '', optional: false, position: { line: 1, column: 1 } };

export async function openStandingPlatform(): Promise<StandingPlatform> {
  const home = operatorHome();
  const source = await loadRunbook(RUNBOOK);
  const values = source.environments['staging']?.values ?? {};
  const site = await openRehearsal({ run: 'standing', runbook: source, values, fresh: false, flow: 'redeploy' });
  const runbook = join(home.env['HOME'] ?? '', `${RUNBOOK}.md`);
  writeFileSync(runbook, withStaging(readFileSync(source.file, 'utf8'), site.values(values)));
  const bin = join(home.env['HOME'] ?? '', 'bin');
  mkdirSync(bin);
  const socket = Object.entries(site.env).find(([name]) => name.startsWith('TEJUN_REHEARSAL'));
  const reach = `export ${socket?.[0]}='${socket?.[1]}'; exec '${site.world}/bin/flyctl' "$@"`;
  for (const name of ['fly', 'flyctl']) writeFileSync(join(bin, name), `#!/bin/sh\n${reach}\n`, { mode: 0o755 });
  const database = new pg.Client(site.secretFor(DATABASE_URL)?.toString());
  await database.connect();
  return {
    home,
    runbook,
    cwd: site.cwd,
    env: {
      ...home.env,
      PATH: `${bin}:${process.env['PATH']}`,
      [TOKEN]: site.env[TOKEN] ?? '',
    },
    releases: async () => {
      const effects = await askEffects(site.control);
      return {
        begun: effects.filter(({ effect }) => effect === 'release-created').length,
        complete: effects.filter(({ effect, status }) => effect === 'release-settled' && status === 'complete').length,
      };
    },
    bookings: async (checkIn) => {
      const { rows } = await database.query('select count(*) from reservations where check_in = $1', [checkIn]);
      return Number(rows[0]?.count);
    },
    close: async () => {
      await database.end();
      await site.close();
      home.remove();
    },
  };
}

/** The same runbook, with this platform as the one environment that may be entered. */
function withStaging(text: string, values: Readonly<Record<string, string>>): string {
  const [, front = '', ...body] = text.split(/^---$/m);
  const document = new Document({ ...parse(front), environments: { staging: { guard: 'confirm', values } } });
  return ['', `\n${document}`, ...body].join('---');
}
