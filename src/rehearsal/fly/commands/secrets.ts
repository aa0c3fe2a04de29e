import { appName, type Call, FlyError, isSet } from '../call.ts';
import { type Fleet, findApp, findAppOnMachinesApi, secretStatus, storeSecret } from '../fleet.ts';
import { render, secretsJson } from '../json.ts';
import type { App } from '../model.ts';
import { rollOut } from '../rollout.ts';
import { parseSecrets, SecretLineError, SecretPanic } from '../secrets-grammar.ts';
import { table } from '../text.ts';

/** flyctl reads no more than this from standard input for one secret. */
const INPUT_LIMIT = 64 * 1024;

/** What strings.TrimSpace takes away; unlike JavaScript's trim it knows U+0085 and leaves U+FEFF. */
const GO_SPACE = /^(?:(?!\ufeff)[\s\u0085])+|(?:(?!\ufeff)[\s\u0085])+$/g;

export async function set(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  const pairs = new Map(call.args.map(readPair));
  for (const [name, value] of pairs) {
    if (value !== '-') continue;
    if (!call.input) throw new FlyError(`secret \`${name}\` expects standard input but none provided`);
    if (call.input.length > INPUT_LIMIT) {
      throw new FlyError(`error reading stdin for '${name}': stdin exceeds the limit of ${INPUT_LIMIT} bytes`);
    }
    pairs.set(name, call.input.toString('utf8').replace(GO_SPACE, ''));
  }
  for (const [name, value] of pairs) storeSecret(fleet, app, name, value);
  await takeEffect(fleet, app, call);
}

function readPair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  if (equals < 0) throw new FlyError(`could not parse secrets: '${pair}': must be in the format NAME=VALUE`);
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

export async function importFromInput(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  let secrets: ReadonlyMap<string, string>;
  try {
    secrets = parseSecrets((call.input ?? Buffer.alloc(0)).toString('utf8'));
  } catch (error) {
    if (error instanceof SecretPanic) throw new FlyError(error.message, { exit: 3 });
    if (error instanceof SecretLineError) throw new FlyError(`Failed to parse secrets from stdin: ${error.message}`);
    throw error;
  }
  if (secrets.size === 0) throw new FlyError('requires at least one SECRET=VALUE pair');
  for (const [name, value] of secrets) storeSecret(fleet, app, name, value);
  await takeEffect(fleet, app, call);
}

export async function list(fleet: Fleet, call: Call): Promise<void> {
  const app = findAppOnMachinesApi(fleet, appName(call), 'app secrets');
  if (isSet(call, 'json')) {
    call.out(render(secretsJson(app)));
    return;
  }
  const marks = { Deployed: '  ', Staged: '* ', Partial: '! ' };
  const names = [...app.secrets.keys()].toSorted();
  const rows = names.map((name) => {
    const status = secretStatus(app, name);
    return [`${marks[status]}${name}`, app.secrets.get(name)?.digest ?? '', status];
  });
  call.out(table(['NAME', 'DIGEST', 'STATUS'], rows));
  if (rows.some(([name]) => name?.startsWith('* '))) {
    call.out('\nThere are secrets not deployed. Run `fly secrets deploy` to deploy them.\n');
  }
}

export async function deploy(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  if (app.machines.length === 0) {
    throw new FlyError('no machines available to deploy', { suggestion: "Try 'fly deploy' first" });
  }
  await restartWithSecrets(fleet, app, call);
}

export async function unset(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  for (const name of call.args) {
    if (app.secrets.delete(name)) fleet.effects.add('secret-removed', { app: app.name, name });
  }
  await takeEffect(fleet, app, call);
}

async function takeEffect(fleet: Fleet, app: App, call: Call): Promise<void> {
  if (isSet(call, 'stage')) {
    call.out(
      'Secrets have been staged, but not set on VMs. Deploy or update machines in this app for the secrets to take effect.\n',
    );
  } else if (app.machines.length === 0) call.out('Secrets are staged for the first deployment\n');
  else await restartWithSecrets(fleet, app, call);
}

/**
 * A new release of the same image: machines restart with the configuration that is deployed. The release records the
 * latest release's image, a failed one's too, and each machine keeps the image that it has.
 */
async function restartWithSecrets(fleet: Fleet, app: App, call: Call): Promise<void> {
  const config = app.config;
  const latest = app.releases.at(-1);
  if (!config || !latest) throw new FlyError('error loading appv2 config: no configuration was deployed');
  await rollOut(
    fleet,
    app,
    {
      description: 'Release',
      strategy: 'rolling',
      imageRef: latest.imageRef,
      config,
      restartOnly: true,
      waitMs: config.waitTimeoutMs ?? 300_000,
      checkHealth: !isSet(call, 'detach'),
      count: app.machines.length,
    },
    call,
  );
}
