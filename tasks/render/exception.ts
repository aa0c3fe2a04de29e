import * as z from 'zod';
import { count } from '../input.ts';
import type { Task, TaskResult } from '../task.ts';
import { renderClient } from './client.ts';
import { readLogs } from './log-reading.ts';
import { logs, written } from './requests.ts';
import { finding, findService, serviceName } from './service.ts';
import { faultOf, tracebackFrom } from './traceback.ts';

/** Lines of one moment that are read around the line with the id. */
const AROUND = 300;
const BEFORE_MS = 1_000;
const AFTER_MS = 5_000;
/** Ids that are listed when none was given. */
const LISTED = 20;

const input = z.strictObject({
  service: serviceName,
  /** What the page showed; `none` lists the newest ids instead. */
  error_id: z.string().regex(/^[A-Za-z0-9-]+$/, 'letters, digits and dashes, as the page shows it'),
  /** What stands before an id in the log, e.g. `error_id=`. */
  marker: z.string().min(1).default('error_id='),
  minutes: count.default(24 * 60),
});

const FAULTS = {
  schema: 'the database lacks a table or column: migrate, then seed, then import',
  database: 'the database does not answer: look at the Postgres',
  build: 'the build lacks a module: look at the build, go back to the deploy before it',
  code: 'the code fails: go back to the deploy before it, if that one did not',
} as const;

/** From the id on an error page to its exception in the application's log. */
export const renderException: Task<z.infer<typeof input>> = {
  name: 'render/exception',
  input,
  effect: 'read',
  tells: true,
  describe: ({ service, error_id, marker }) => [
    written(finding(service)),
    decodeURIComponent(
      written(
        logs({
          owner: '{OWNER_ID}',
          resource: '{SERVICE_ID}',
          start: '{START}',
          direction: 'backward',
          type: 'app',
          text: error_id === 'none' ? marker : error_id,
          limit: LISTED,
        }),
      ),
    ),
  ],
  async run({ service: name, error_id, marker, minutes }, context) {
    const client = renderClient(context);
    const service = await findService(client, name);
    const base = { owner: service.ownerId, resource: service.id, type: 'app' as const };
    const start = new Date(Date.now() - minutes * 60_000).toISOString();
    const text = error_id === 'none' ? marker : error_id;
    const hits = await readLogs(client, { ...base, start, direction: 'backward', text }, LISTED);
    if (error_id === 'none') {
      for (const { timestamp, message } of hits) context.say(`${timestamp} ${message}`);
      return {
        outcome: 'passed',
        summary: hits.length === 0 ? `no errors in ${minutes} min` : `no id was given · ${hits.length} newest listed`,
        evidence: { service: service.id, errorId: null, found: hits.length },
        text: hits.map(({ message }) => message).join('\n'),
      };
    }
    const hit = hits.find(({ message }) => message.includes(`${marker}${error_id}`)) ?? hits[0];
    if (hit === undefined) return unknown(error_id, minutes);
    const at = Date.parse(hit.timestamp);
    const around = await readLogs(
      client,
      {
        ...base,
        start: new Date(at - BEFORE_MS).toISOString(),
        end: new Date(at + AFTER_MS).toISOString(),
        direction: 'forward',
      },
      AROUND,
    );
    const lines = around.map(({ message }) => message);
    const found = tracebackFrom(
      lines,
      around.findIndex(({ id }) => id === hit.id),
    );
    for (const line of found?.lines ?? [hit.message]) context.say(line);
    if (!found) {
      return {
        outcome: 'failed',
        summary: `${error_id} stands in the log at ${hit.timestamp}, without an exception`,
        evidence: { service: service.id, errorId: error_id, at: hit.timestamp },
        problem: {
          code: 'render-no-exception',
          what: `The log has ${error_id} at ${hit.timestamp}, and no exception with it.`,
          next: ['read the lines around it (l)', `look at ${hit.timestamp} in the dashboard’s log`],
        },
      };
    }
    const fault = faultOf(found.exception);
    context.say(`→ ${FAULTS[fault]}`);
    return {
      outcome: 'passed',
      summary: `${error_id} · ${found.exception.slice(0, 200)} · ${FAULTS[fault]}`,
      evidence: {
        service: service.id,
        errorId: error_id,
        at: hit.timestamp,
        exception: found.exception.slice(0, 500),
        fault,
      },
      text: found.lines.join('\n'),
    };
  },
};

function unknown(errorId: string, minutes: number): TaskResult {
  return {
    outcome: 'failed',
    summary: `${errorId} is not in the log of the last ${minutes} min`,
    problem: {
      code: 'render-error-id-unknown',
      what: `The log of the last ${minutes} min does not have ${errorId}.`,
      means: 'It is mistyped, older, of another service, or Render has not taken the line in yet.',
      next: ['compare the id with the page, letter by letter', '--set error_id=none lists the newest ids'],
    },
  };
}
