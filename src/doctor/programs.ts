import type { Runbook, Step } from '../runbook/types.ts';

/** A program of the host that something needs. */
export interface NeededProgram {
  name: string;
  /** Arguments that make it say its version; its first line is shown. */
  version: readonly string[];
  /** `always`: tejun itself is less safe without it; `runbook`: a step needs it; `some`: only certain uses. */
  need: 'always' | 'runbook' | 'some';
  why: string;
  install: readonly string[];
  /** The oldest version that will do, where a runbook names one. */
  minimum?: string;
}

const debian = (name: string, elsewhere: string) => [`Debian, Ubuntu: apt-get install ${name}`, elsewhere];

/** What tejun uses of the host in every run. */
export const OWN_PROGRAMS: readonly NeededProgram[] = [
  {
    name: 'flock',
    version: ['--version'],
    need: 'always',
    why: 'holds the lock that keeps a second operator out; without it a process id is asked instead',
    install: debian('util-linux', 'macOS: brew install flock'),
  },
  {
    name: 'prlimit',
    version: ['--version'],
    need: 'some',
    why: 'keeps a crash from writing secrets into a core file (Linux)',
    install: debian('util-linux', 'macOS has none: core files are off there unless somebody turned them on'),
  },
  {
    name: 'ssh-keygen',
    version: ['-?'],
    need: 'some',
    why: 'verifies a journal without tejun',
    install: debian('openssh-client', 'macOS has it'),
  },
];

/** Programs that steps call, by what the task is named or the script says. */
const STEP_PROGRAMS: readonly (Omit<NeededProgram, 'need' | 'why'> & { tasks?: RegExp })[] = [
  {
    name: 'flyctl',
    version: ['version'],
    tasks: /^fly\//,
    install: ['curl -L https://fly.io/install.sh | sh', 'macOS: brew install flyctl', 'then: flyctl auth login'],
  },
  {
    name: 'docker',
    version: ['--version'],
    tasks: /^(compose|backup|celery|redis)\//,
    install: ['https://docs.docker.com/engine/install/', 'Debian: apt-get install docker.io docker-compose'],
  },
  {
    name: 'gh',
    version: ['--version'],
    tasks: /^github\//,
    install: debian('gh', 'macOS: brew install gh').concat('then: gh auth login'),
  },
  { name: 'git', version: ['--version'], install: debian('git', 'macOS: xcode-select --install') },
  { name: 'psql', version: ['--version'], install: debian('postgresql-client', 'macOS: brew install libpq') },
  { name: 'pg_dump', version: ['--version'], install: debian('postgresql-client', 'macOS: brew install libpq') },
  { name: 'pg_restore', version: ['--version'], install: debian('postgresql-client', 'macOS: brew install libpq') },
  { name: 'redis-cli', version: ['--version'], install: debian('redis-tools', 'macOS: brew install redis') },
  { name: 'python3', version: ['--version'], install: debian('python3', 'macOS: brew install python') },
  { name: 'node', version: ['--version'], install: ['https://nodejs.org'] },
  { name: 'curl', version: ['--version'], install: debian('curl', 'macOS has it') },
  { name: 'jq', version: ['--version'], install: debian('jq', 'macOS: brew install jq') },
  { name: 'ssh', version: ['-V'], install: debian('openssh-client', 'macOS has it') },
];

/** The programs that a runbook's steps call on this host, each with the first step that does. Pure. */
export function programsOf({ title, steps }: Pick<Runbook, 'title' | 'steps'>): NeededProgram[] {
  return STEP_PROGRAMS.flatMap(({ tasks, ...program }) => {
    const step = steps.find((each) => tasks?.test(each.uses) || calls(each, program.name));
    const minimum = minimumOf(program.name, steps);
    const needed = { ...program, need: 'runbook' as const, ...(minimum === undefined ? {} : { minimum }) };
    return step ? [{ ...needed, why: `${title}: ${step.title}` }] : [];
  });
}

/** What a runbook asks of flyctl: `min_version` of its check. Of other programs no runbook names a version. */
function minimumOf(program: string, steps: readonly Step[]): string | undefined {
  if (program !== 'flyctl') return undefined;
  const said = steps.map(({ uses, input }) =>
    uses === 'fly/ready' ? (input as { min_version?: unknown }).min_version : undefined,
  );
  return said.find((version): version is string => typeof version === 'string');
}

/** Whether a step calls a program here: in its script where a command may stand, by its language, or to get elsewhere. */
function calls({ language, body, on }: Step, program: string): boolean {
  if (on.kind === 'ssh') return program === 'ssh';
  if (on.kind === 'fly') return program === 'flyctl';
  if (on.kind === 'compose') return program === 'docker';
  if (language === 'python') return program === 'python3';
  if (language !== 'bash' && language !== 'sh') return false;
  return new RegExp(`(?:^|[|;&({!\`]|\\b(?:then|do|else|exec|sudo|time|if|while))\\s*${program}(?=\\s|$)`, 'm').test(
    body,
  );
}
