/**
 * Walks a rehearsal in a pseudo-terminal and draws what the program shows, for the README: `npm run gallery`. The figures in
 * the pictures are those of the walk.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM_ROOT } from '../src/program.ts';
import { operatorHome } from '../tests/e2e/home.ts';
import { KEY, openTerminal } from '../tests/e2e/terminal.ts';
import { svgOf } from './svg.ts';

const directory = join(PROGRAM_ROOT, 'docs', 'gallery');
mkdirSync(directory, { recursive: true });
const home = operatorHome();
const at = openTerminal({
  args: ['rehearse', 'cabanas-staging', '--lang', 'en'],
  env: { ...home.env, FORCE_COLOR: '2' },
});

function draw(name: string, title: string): void {
  writeFileSync(join(directory, `${name}.svg`), svgOf(at.view, title));
}

try {
  await at.waitFor('Where?');
  draw('environment', 'tejun asks where: rehearsal, staging, or production, which is sealed');
  await at.press(KEY.enter);
  await at.waitFor('No drill');
  await at.press(KEY.enter);
  await at.waitFor('Número de la cabaña');
  await at.press(KEY.enter, KEY.enter, KEY.enter);
  await at.waitFor('Enter runs 3 checks');
  await at.press(KEY.enter);
  await at.waitFor('All 3 checks passed');
  draw('preflight', 'tejun after the pre-flight: three checks passed');
  await at.press(KEY.enter);
  for (const name of ['REDIS_URL', 'JWT_SECRET', 'WHATSAPP', 'MERCADOPAGO', 'ADMIN_ALLOWED', 'ICS_SALT']) {
    await at.waitFor(new RegExp(`${name}\\w*  \\(empty\\)`));
    if (name === 'JWT_SECRET') draw('secrets', 'tejun asks for a secret, and shows nothing of it');
    await at.press(KEY.enter);
  }
  await at.waitFor(/^Seed/m);
  await at.press('a');
  await at.waitFor('You do this step');
  await at.press(KEY.enter);
  await at.waitFor('what did you see?');
  await at.press(KEY.enter);
  await at.waitFor('Enter runs: Secretos');
  await at.press(KEY.enter);
  await at.waitFor('Enter goes on: Deploy');
  await at.press(KEY.enter);
  await at.waitFor(/^Deploy/m);
  draw('deploy', 'tejun before a deploy: the exact command, and what Enter does');
  await at.press('a');
  await at.waitFor('Enter goes on: Verify', 60_000);
  await at.press(KEY.enter);
  await at.waitFor(/^Verify/m);
  await at.press('a');
  await at.waitFor('Enter goes on: Seed', 60_000);
  draw('verify', 'tejun after verifying: every check passed, and a benchmark with its latencies');
  // Leaves the rehearsal for good: nothing of it is to stay behind.
  await at.press('q', KEY.down, KEY.down, KEY.enter);
  await at.ended();
} finally {
  at.kill();
  home.remove();
}
