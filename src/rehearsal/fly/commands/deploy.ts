import { resolve } from 'node:path';
import { parseDuration } from '../../flyctl/parse.ts';
import { appName, type Call, FlyError, flag, isSet } from '../call.ts';
import { type FlyConfig, readConfig } from '../config.ts';
import type { Fleet } from '../fleet.ts';
import { buildImage, findImage } from '../image.ts';
import type { App } from '../model.ts';
import { rollOut, type Strategy } from '../rollout.ts';

const STRATEGIES: readonly Strategy[] = ['rolling', 'immediate', 'canary', 'bluegreen'];
const DEFAULT_WAIT_MS = 300_000;

export async function deploy(fleet: Fleet, call: Call): Promise<void> {
  const name = appName(call);
  const app = fleet.apps.get(name);
  if (!app) {
    throw new FlyError(
      `the app name ${name} could not be found, did you create the app or misspell it in the fly.toml file or via -a?`,
    );
  }
  call.err('==> Verifying app config\n');
  const config = configOf(app, call);
  call.err('✓ Configuration is valid\n--> Verified app config\n');
  const strategy = readStrategy(flag(call, 'strategy') ?? config.strategy ?? 'rolling');
  const waitMs = readTimeout(call, 'wait-timeout') ?? config.waitTimeoutMs ?? DEFAULT_WAIT_MS;
  const image = await imageOf(fleet, app, call);
  call.err(`\nWatch your deployment at https://fly.io/apps/${app.name}/monitoring\n\n`);
  if (isSet(call, 'build-only')) return;
  const skip = isSet(call, 'skip-release-command');
  await rollOut(
    fleet,
    app,
    {
      description: 'Release',
      strategy,
      imageRef: image.ref,
      image,
      config,
      restartOnly: false,
      ...(config.releaseCommand && !skip ? { releaseCommand: config.releaseCommand } : {}),
      waitMs,
      checkHealth: !isSet(call, 'detach'),
      count: isSet(call, 'ha', true) ? 2 : 1,
    },
    call,
  );
  if (!isSet(call, 'detach')) {
    call.out(`Checking DNS configuration for ${app.name}.fly.dev\n✓ DNS configuration verified\n`);
  }
  call.out(`\nVisit your newly deployed app at https://${app.name}.fly.dev/\n`);
  await fleet.afterDeploy(app);
}

/** The local file, else what was deployed last. */
function configOf(app: App, call: Call): FlyConfig {
  if (call.config) {
    call.err(`Validating ${call.config.path}\n`);
    return readConfig(call.config.text, call.config.path);
  }
  if (app.config) return app.config;
  throw new FlyError('could not create a fly.toml from any machines. Could not find any machines or releases');
}

async function imageOf(fleet: Fleet, app: App, call: Call): Promise<Awaited<ReturnType<typeof buildImage>>> {
  const reference = flag(call, 'image');
  if (reference) {
    call.err(`Searching for image '${reference}' remotely...\n`);
    const image = findImage(fleet, reference);
    call.err(`image found: img_${image.digest.slice(7, 23)}\n`);
    return image;
  }
  call.err('==> Building image\n');
  const image = await buildImage(fleet, app, resolve(call.cwd, call.args[0] ?? '.'), flag(call, 'image-label'));
  call.err('--> Building image done\n==> Pushing image to fly\n--> Pushing image done\n');
  call.err(`image: ${image.ref}\nimage size: ${Math.ceil(image.bytes / 1024)} kB\n`);
  return image;
}

function readStrategy(text: string): Strategy {
  const strategy = STRATEGIES.find((known) => known === text);
  if (strategy) return strategy;
  throw new FlyError(
    `error unsupported deployment strategy '${text}'; fly deploy for machines supports rolling, immediate, canary, and bluegreen strategies`,
  );
}

/** A Go duration, or a number of seconds. */
export function readTimeout(call: Call, name: string): number | undefined {
  const text = flag(call, name);
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (ms !== undefined) return ms;
  throw new FlyError(
    `invalid duration value ${JSON.stringify(text)} used for --${name} flag: valid options are a number of seconds, number with time unit (i.e.: 5m, 180s) or 'none'`,
  );
}
