import { expect, test } from 'vitest';
import { redactedEnd } from '../../src/commands/redacted-end.ts';
import { memoryLink } from '../../src/link/memory.ts';
import type { EngineMessage } from '../../src/link/messages.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { ALICE } from '../link/visitors.ts';

test('what a task reports, offers or fails with is masked on its way to a screen', async () => {
  const redactor = createRedactor();
  redactor.register(new Secret('TOKEN', Buffer.from('hunter2hunter2')));
  const { engine, screen } = memoryLink(ALICE);
  const heard: EngineMessage[] = [];
  screen.onMessage((message) => heard.push(message));
  const end = redactedEnd(engine, redactor);
  const said = 'hunter2hunter2 was refused';
  end.send({ kind: 'refused', problem: { code: 'step-failed', what: said, next: [said] } });
  end.send({ kind: 'progress', step: 'a', data: { said } });
  end.send({ kind: 'choice', step: 'a', choice: { field: 'x', options: [{ value: 'x', label: said }], suggested: 0 } });
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toHaveLength(3);
  expect(JSON.stringify(heard)).not.toContain('hunter2');
  expect(JSON.stringify(heard)).toContain('[TOKEN] was refused');
});
