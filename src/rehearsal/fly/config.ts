import { parseToml, TomlError, type TomlTable, tableAt, tablesAt, textAt } from '../../toml.ts';
import { parseDuration } from '../flyctl/parse.ts';
import { FlyError } from './call.ts';

/** An HTTP check of a service, as far as the rehearsal acts on it. */
export interface CheckConfig {
  path: string;
  method: string;
  intervalMs: number;
  timeoutMs: number;
}

/** What the rehearsal reads of a `fly.toml`. */
export interface FlyConfig {
  app?: string;
  primaryRegion: string;
  env: Readonly<Record<string, string>>;
  internalPort: number;
  checks: readonly CheckConfig[];
  /** What the proxy does with an idle machine, and with a request when none is awake. */
  autoStop: 'off' | 'stop' | 'suspend';
  autoStart: boolean;
  minMachines: number;
  strategy?: string;
  waitTimeoutMs?: number;
  releaseCommand?: string;
  /** The whole document, for `config show`. */
  raw: TomlTable;
}

/** The platform checks often, so that a rehearsal does not wait for an interval that is meant for production. */
const LONGEST_INTERVAL_MS = 1000;
const DEFAULT_REGION = 'iad';

/** Reads a configuration; throws what flyctl says of one that cannot be read. */
export function readConfig(text: string, path: string): FlyConfig {
  let raw: TomlTable;
  try {
    raw = parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new FlyError(`failed loading app config from ${path}: toml: line ${error.line}: ${error.message}`);
  }
  const service = tableAt(raw, 'http_service');
  const deploy = tableAt(raw, 'deploy');
  // Checks of machines that no public service leads to.
  const alone = Object.keys(tableAt(raw, 'checks')).map((name) => tableAt(tableAt(raw, 'checks'), name));
  const app = textAt(raw, 'app');
  const strategy = textAt(deploy, 'strategy');
  const releaseCommand = textAt(deploy, 'release_command');
  const waitTimeoutMs = parseDuration(textAt(deploy, 'wait_timeout') ?? '');
  return {
    ...(app ? { app } : {}),
    primaryRegion: textAt(raw, 'primary_region') ?? DEFAULT_REGION,
    env: Object.fromEntries(Object.entries(tableAt(raw, 'env')).map(([name, value]) => [name, String(value)])),
    internalPort: Number(textAt(service, 'internal_port') ?? textAt(alone[0] ?? {}, 'port') ?? '8080'),
    checks: [...tablesAt(service, 'checks'), ...alone].map(readCheck),
    autoStop: readAutoStop(textAt(service, 'auto_stop_machines'), path),
    autoStart: textAt(service, 'auto_start_machines') === 'true',
    minMachines: Number(textAt(service, 'min_machines_running') ?? '0'),
    ...(strategy ? { strategy } : {}),
    ...(releaseCommand ? { releaseCommand } : {}),
    ...(waitTimeoutMs === undefined ? {} : { waitTimeoutMs }),
    raw,
  };
}

/** `true` and `false` are the older words for `stop` and `off`. */
function readAutoStop(text: string | undefined, path: string): FlyConfig['autoStop'] {
  if (text === undefined || text === 'off' || text === 'false') return 'off';
  if (text === 'stop' || text === 'true') return 'stop';
  if (text === 'suspend') return 'suspend';
  throw new FlyError(`failed loading app config from ${path}: invalid auto_stop_machines value: ${text}`);
}

function readCheck(table: TomlTable): CheckConfig {
  return {
    path: textAt(table, 'path') ?? '/',
    method: (textAt(table, 'method') ?? 'GET').toUpperCase(),
    intervalMs: Math.min(parseDuration(textAt(table, 'interval') ?? '') ?? LONGEST_INTERVAL_MS, LONGEST_INTERVAL_MS),
    timeoutMs: parseDuration(textAt(table, 'timeout') ?? '') ?? 2000,
  };
}
