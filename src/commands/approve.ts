import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { operatorOf } from '../engine/operator.ts';
import type { Plan } from '../engine/plan.ts';
import { APPROVAL_NAMESPACE, type Approval, approvalText, planDigest } from '../journal/approval.ts';
import type { JournalRecord } from '../journal/records.ts';
import { chooseSigner } from '../journal/signer.ts';
import type { EngineMessage, ScreenEnd } from '../link/messages.ts';
import { attachScreen } from '../link/socket.ts';
import type { Locale } from '../locale/index.ts';
import { PRINTED_MESSAGES } from '../locale/printed/index.ts';
import { EXIT, Problem } from '../problem.ts';
import { socketPath } from '../state-directory.ts';
import { keySearch } from './key-search.ts';
import { planText } from './plan.ts';
import { visitorOf } from './visitor.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What an approver is shown and signs; as a file it is sent to whoever has no access to the host of the run. */
export interface ApprovalRequest {
  tejun: 'approval-request';
  format: 1;
  run: string;
  /** SHA-256, hex, of the line of the run's first record. */
  begin: string;
  operator: string;
  host: string;
  plan: Plan;
}

/** How an approver is asked: everything that is signed is shown first. */
export interface Asking {
  locale: Locale;
  show(text: string): void;
  /** One line that the approver types. */
  ask(question: string): Promise<string>;
}

const SIGNED = z.object({
  tejun: z.literal('approval'),
  format: z.literal(1),
  run: z.string(),
  begin: z.string(),
  plan: z.string(),
  by: z.string(),
  sig: z.string(),
});

const REQUEST = z.object({
  tejun: z.literal('approval-request'),
  format: z.literal(1),
  run: z.string(),
  begin: z.string(),
  operator: z.string(),
  host: z.string(),
  plan: z.looseObject({ steps: z.array(z.looseObject({ id: z.string() })), path: z.array(z.string()) }),
});

/** Approves a run of this host: shows its plan, signs it with the caller's key and gives it to the engine. */
export async function approveRun(env: Env, run: string, asking: Asking): Promise<void> {
  const desk = await openDesk(env, run);
  try {
    await desk.give(await approve(env, desk.request, asking));
  } finally {
    desk.close();
  }
}

/** Writes what an approver elsewhere has to read and sign. */
export async function writeRequest(env: Env, run: string, file: string): Promise<void> {
  const desk = await openDesk(env, run);
  desk.close();
  writeFileSync(file, `${JSON.stringify(desk.request, null, 2)}\n`, { mode: 0o600 });
}

/** Approves what a request file asks for. @returns the approval, as the text of a file to send back */
export async function approveFile(env: Env, file: string, asking: Asking): Promise<string> {
  const request = readAs(file, REQUEST, 'a request for an approval') as unknown as ApprovalRequest;
  const approval = await approve(env, request, asking);
  return `${JSON.stringify({ tejun: 'approval', format: 1, ...approval }, null, 2)}\n`;
}

/** Gives a run of this host the approval that came back as a file. */
export async function giveApproval(env: Env, run: string, file: string): Promise<void> {
  const approval = readApproval(file);
  const desk = await openDesk(env, run);
  try {
    await desk.give(approval);
  } finally {
    desk.close();
  }
}

/** An approval from the file that an approver sent. Throws `approval-unreadable`. */
export function readApproval(file: string): Approval {
  const { tejun: _, format: __, ...approval } = readAs(file, SIGNED, 'an approval');
  return approval;
}

async function approve(env: Env, request: ApprovalRequest, { locale, show, ask }: Asking): Promise<Approval> {
  const said = PRINTED_MESSAGES[locale].approve;
  const { run, begin, operator, host, plan } = request;
  const { name } = operatorOf(env);
  if (name === operator) throw ownRun(name);
  show(`${said.asks(operator, host, name, run)}\n\n${planText(plan, locale)}`);
  if ((await ask(said.type(run))).trim() !== run) {
    throw new Problem(
      { code: 'not-typed', what: 'The id of the run was not typed.', means: 'Nothing was approved.' },
      EXIT.refused,
    );
  }
  const signer = await chooseSigner({ ...keySearch(env), principal: name, run });
  if (signer.source === 'none') {
    throw new Problem(
      {
        code: 'cannot-sign',
        what: `No key of ${name} could sign: ${signer.note ?? 'there is none'}.`,
        means: 'Nothing was approved.',
        next: ['ssh-add your key, or forward your agent (ssh -A)'],
      },
      EXIT.refused,
    );
  }
  const approved = { run, begin, plan: planDigest(plan) };
  const approval = { ...approved, by: signer.by, sig: signer.sign(approvalText(approved), APPROVAL_NAMESPACE) };
  signer.forget();
  show(`Signed by ${signer.by} with ${signer.fingerprint}.\n`);
  return approval;
}

/** A visit to the engine of a run: what it wants approved, and what it says to an approval. */
async function openDesk(env: Env, run: string) {
  const screen = await attachScreen(socketPath(env, run), visitorOf(env, 'watcher'));
  const { request, answer } = await greeted(screen, run);
  return {
    request,
    close: () => screen.close(),
    give: async (approval: Approval): Promise<void> => {
      screen.send({ kind: 'approve', approval });
      const problem = await answer;
      if (problem) throw problem;
    },
  };
}

async function greeted(
  screen: ScreenEnd,
  run: string,
): Promise<{ request: ApprovalRequest; answer: Promise<Problem | undefined> }> {
  const records: JournalRecord[] = [];
  let hello: Extract<EngineMessage, { kind: 'hello' }> | undefined;
  let answered = (_: Problem | undefined) => {};
  const answer = new Promise<Problem | undefined>((resolve) => {
    answered = resolve;
  });
  return new Promise((resolve, reject) => {
    const gone = () => {
      const problem = new Problem({ code: 'engine-gone', what: `The engine of ${run} has ended.` }, EXIT.suspended);
      answered(problem);
      reject(problem);
    };
    screen.onClose(gone);
    screen.onMessage((message) => {
      if (message.kind === 'hello') hello = message;
      if (message.kind === 'record') records.push(message.record);
      if (message.kind === 'refused') answered(new Problem(message.problem, EXIT.refused));
      const last = records.at(-1);
      if (message.kind === 'record' && last?.type === 'guard.satisfied') answered(undefined);
      if (message.kind !== 'caught-up') return;
      const [begin, second] = records;
      if (!hello || begin?.type !== 'begin' || !second) return gone();
      const problem = notAsked(hello.plan, records);
      if (problem) return reject(problem);
      const { operator } = begin;
      const asked = { run, begin: second.prev, operator: operator.name, host: operator.host, plan: hello.plan };
      resolve({ request: { tejun: 'approval-request', format: 1, ...asked }, answer });
    });
  });
}

function notAsked({ environment }: Plan, records: readonly JournalRecord[]): Problem | undefined {
  const given = records.find((record) => record.type === 'guard.satisfied');
  const what =
    environment.guard !== 'approve'
      ? `${environment.name} asks for no approval.`
      : given && `This run was approved by ${given.by} already.`;
  return what === undefined
    ? undefined
    : new Problem({ code: 'approval-not-asked', what, means: 'Nothing was signed.' }, EXIT.refused);
}

function readAs<T>(file: string, shape: z.ZodType<T>, what: string): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const said = `The file cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'error'}).`;
    throw new Problem({ code: 'approval-unreadable', what: said, where: { file } }, EXIT.usage, { cause });
  }
  try {
    // Checked only: parsed anew the keys would come in another order, and the digest of a plan would be another.
    const value = JSON.parse(text);
    shape.parse(value);
    return value as T;
  } catch {
    const means = 'Nothing was signed, and nothing was changed.';
    throw new Problem({ code: 'approval-unreadable', what: `It is not ${what}.`, where: { file }, means });
  }
}

function ownRun(name: string): Problem {
  return new Problem(
    {
      code: 'approval-own',
      what: `${name} began this run, and cannot approve it.`,
      means: 'Nothing was signed.',
      next: ['a second person approves it, with their own key and TEJUN_OPERATOR'],
    },
    EXIT.refused,
  );
}
