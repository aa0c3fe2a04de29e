import { olderThan } from '../../tasks/fly/ready.ts';
import { type Finding, formatFindings } from '../doctor/finding.ts';
import { hostFindings } from '../doctor/host.ts';
import { type NeededProgram, OWN_PROGRAMS, programsOf } from '../doctor/programs.ts';
import type { Exec } from '../exec/command.ts';
import { hostEnvironment } from '../exec/environment.ts';
import { createExec } from '../exec/run.ts';
import { EXIT, type ExitCode, Problem } from '../problem.ts';
import { findRunbooks, loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/types.ts';
import { createRedactor } from '../secrets/redactor.ts';

/** A program that does not say its version within this time is not in order. */
const VERSION_TIMEOUT_MS = 5_000;

/**
 * Says what this host lacks, for one runbook or for all that can be named. Reads only.
 *
 * @returns the text to print, and 3 (`preflight`) when something is missing
 */
export async function doctorCommand({
  runbook,
  json = false,
}: {
  runbook?: string | undefined;
  json?: boolean;
}): Promise<{ text: string; exit: ExitCode }> {
  const runbooks = await (runbook === undefined ? everyRunbook() : loadRunbook(runbook).then((one) => [one]));
  const exec = createExec({ redactor: createRedactor(), env: hostEnvironment(process.env), cwd: process.cwd() });
  const programs = await Promise.all(neededBy(runbooks).map((program) => look(exec, program)));
  const findings = [...(await hostFindings(process.env, process)), ...programs];
  const exit = findings.some(({ state }) => state === 'missing') ? EXIT.preflight : EXIT.done;
  return { text: json ? `${JSON.stringify(findings, null, 2)}\n` : formatFindings(findings), exit };
}

async function everyRunbook(): Promise<Runbook[]> {
  const all = await Promise.allSettled((await findRunbooks()).map(loadRunbook));
  // One with errors cannot start; `tejun plan` says why.
  return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** tejun's own programs, and each that a runbook needs, once. */
function neededBy(runbooks: readonly Runbook[]): NeededProgram[] {
  const byName = new Map<string, NeededProgram>();
  for (const program of [...runbooks.flatMap(programsOf), ...OWN_PROGRAMS]) {
    const before = byName.get(program.name);
    // Of several runbooks the one that asks for the newest decides.
    const newer = program.minimum !== undefined && (!before?.minimum || olderThan(before.minimum, program.minimum));
    if (!before || newer) byName.set(program.name, program);
  }
  return [...byName.values()];
}

async function look(exec: Exec, { name, version, need, why, install, minimum }: NeededProgram): Promise<Finding> {
  try {
    const { stdout, stderr } = await exec(
      { file: name, args: version, timeoutMs: VERSION_TIMEOUT_MS },
      { quiet: true },
    );
    const line = `${stdout}\n${stderr}`.split('\n').find((row) => /\d+\.\d+/.test(row));
    const found = /\d+(?:\.\d+)+/.exec(line ?? '')?.[0];
    if (minimum !== undefined && found !== undefined && olderThan(found, minimum)) {
      return { name, state: 'missing', what: `${found} is older than ${minimum}`, why, next: install };
    }
    return { name, state: 'fine', what: line?.trim() ?? 'there' };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { name, state: need === 'some' ? 'weak' : 'missing', what: 'not found', why, next: install };
  }
}
