import { expect, it } from 'vitest';
import { runScreens } from '../../screens/main.tsx';
import { fakeDesk } from './fixtures/desk.ts';
import { FakeEngine } from './fixtures/fake-engine.ts';
import { plan } from './fixtures/plan.ts';
import { Terminal } from './fixtures/terminal.ts';

const desk = fakeDesk(new FakeEngine({ plan: plan(), now: Date.now }));

it.each([
  ['no terminal', { stdin: { isTTY: false } }, {}],
  ['output that is a file', { stdout: { isTTY: false } }, {}],
  ['a size of 0×0', { stdout: { columns: 0, rows: 0 } }, {}],
  ['TERM=dumb', {}, { TERM: 'dumb' }],
])('%s is refused, with what to do instead', async (_, wrong: { stdin?: object; stdout?: object }, env) => {
  const { stdin, stdout } = new Terminal();
  Object.assign(stdin, wrong.stdin);
  Object.assign(stdout, wrong.stdout);
  await expect(runScreens(desk, { stdin, stdout, env })).rejects.toMatchObject({ code: 'no-terminal', exit: 2 });
});
