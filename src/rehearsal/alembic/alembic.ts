/**
 * The rehearsal's stand-in for alembic 1.19: real SQL against the real PostgreSQL, over revisions that are SQL files
 * (revision.ts). What it prints where, and its exit codes, are those of the real one.
 */
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { readWords, UsageError, type Words } from './arguments.ts';
import { check } from './check.ts';
import { appliedRevisions, connect } from './database.ts';
import { Failed, Raised } from './failed.ts';
import { downgradePath, type Graph, graphOf, inOrder, known, locate, upgradePath, withAncestors } from './graph.ts';
import { alone, downgrade, type Session, stamp, upgrade } from './migrate.ts';
import { readRevisions } from './revision.ts';

export interface AlembicCall {
  args: readonly string[];
  cwd: string;
  /** `DATABASE_URL`, and where private names lead (booking/hosts.ts). */
  env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
}

const VERSION = '1.19.2';

/** Carries out one call and gives alembic's exit code: 0, 1 for a traceback, 2 for bad usage, 255 for `FAILED`. */
export async function alembic(call: AlembicCall): Promise<number> {
  try {
    const words = readWords(call.args);
    if (words.command === 'version') call.out(`alembic ${VERSION}\n`);
    else await run(call, words);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      call.err(`${error.message}\n`);
      return 2;
    }
    if (error instanceof Failed) {
      call.err(`ERROR [alembic.util.messaging] ${error.message}\n`);
      call.out(`FAILED: ${error.message}\n`);
      return 255;
    }
    if (error instanceof Raised) {
      call.err(
        `Traceback (most recent call last):\n  File "/app/alembic/env.py", in <module>\n    run_migrations_online()\n`,
      );
      call.err(`${error.type}: ${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

async function run(call: AlembicCall, words: Words): Promise<void> {
  const scripts = await scriptLocation(call.cwd, words.config);
  const graph = graphOf(await readRevisions(scripts));
  if (words.command === 'heads') {
    for (const id of graph.heads) call.out(`${id} (head)\n`);
    return;
  }
  if (words.command === 'history' && words.switches.size === 0) return history(call, graph, []);
  const { client, driver } = await connect(call.env);
  const info = (line: string): void => call.err(`INFO  [alembic.runtime.migration] ${line}\n`);
  info('Context impl PostgresqlImpl.');
  info('Will assume transactional DDL.');
  try {
    await act(call, words, scripts, { client, driver, graph, info });
  } finally {
    await client.end();
  }
}

async function act(call: AlembicCall, words: Words, scripts: string, session: Session): Promise<void> {
  const { client, graph } = session;
  const [target = ''] = words.args;
  const applied = (): Promise<string[]> => appliedRevisions(client);
  switch (words.command) {
    case 'current':
      return current(call, words, graph, await applied());
    case 'history':
      return history(call, graph, await applied());
    case 'check':
      return check(call, scripts, graph, client, await applied());
    case 'upgrade':
      return alone(client, async () => upgrade(session, upgradePath(graph, await applied(), target)));
    case 'downgrade':
      return alone(client, async () => {
        const { path, warning } = downgradePath(graph, await applied(), target);
        if (warning) call.err(`UserWarning: ${warning}\n`);
        await downgrade(session, path);
      });
    default:
      return alone(client, () => stamp(session, stampTarget(graph, target)));
  }
}

/** `script_location` of alembic.ini; relative to it. */
async function scriptLocation(cwd: string, config: string): Promise<string> {
  const path = isAbsolute(config) ? config : join(cwd, config);
  const text = await readFile(path, 'utf8').catch(() => '');
  const location = /^\s*script_location\s*=\s*(\S+)\s*$/m.exec(text)?.[1];
  if (location === undefined) throw new Failed("No 'script_location' key found in configuration.");
  const here = location.replaceAll('%(here)s', dirname(path));
  return isAbsolute(here) ? here : join(cwd, here);
}

/** Its exit code is 0 wherever the database is, but for `--check-heads`. */
function current(call: AlembicCall, words: Words, graph: Graph, applied: readonly string[]): void {
  known(graph, applied);
  const all = graph.heads.length === applied.length && graph.heads.every((id) => applied.includes(id));
  if (words.switches.has('--check-heads') && !all) throw new Failed('Database is not on all head revisions');
  for (const id of applied) call.out(`${id}${graph.heads.includes(id) ? ' (head)' : ''}\n`);
}

function history(call: AlembicCall, graph: Graph, applied: readonly string[]): void {
  const children = new Map<string, number>();
  for (const { parents } of graph.byId.values()) {
    for (const parent of parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  for (const id of inOrder(graph).toReversed()) {
    const revision = graph.byId.get(id);
    const marks = [
      ...(graph.heads.includes(id) ? [' (head)'] : []),
      ...((children.get(id) ?? 0) > 1 ? [' (branchpoint)'] : []),
      ...((revision?.parents.length ?? 0) > 1 ? [' (mergepoint)'] : []),
      ...(applied.includes(id) ? [' (current)'] : []),
    ];
    call.out(`${revision?.parents.join(', ') || '<base>'} -> ${id}${marks.join('')}, ${revision?.message ?? ''}\n`);
  }
}

function stampTarget(graph: Graph, target: string): readonly string[] {
  if (target === 'base') return [];
  if (target === 'heads') return graph.heads;
  if (target === 'head') {
    upgradePath(graph, [], 'head');
    return graph.heads;
  }
  const id = locate(graph, target);
  return [...withAncestors(graph, [id])].slice(0, 1);
}
