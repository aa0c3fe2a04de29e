import { describe, expect, test } from 'vitest';
import { checkSecret } from '../../src/secrets/format.ts';
import { faultsOf, rejection } from '../../src/secrets/rejection.ts';

describe('a secret that is not taken', () => {
  test('is refused for what is wrong with it, not for what is only worth a question', () => {
    const findings = checkSecret(Buffer.from('changeme '), { minLength: 32 });
    expect(findings.map(({ code }) => code)).toContain('surrounding-space');
    expect(faultsOf(findings).map(({ code }) => code)).toEqual(['placeholder', 'too-short']);
  });
  test('is named, with every fault in one sentence and none of its text', () => {
    const problem = rejection('JWT_SECRET', faultsOf(checkSecret(Buffer.from('changeme'), { minLength: 32 })));
    expect(problem).toEqual({
      code: 'secret-rejected',
      what: 'JWT_SECRET was not taken: it looks like a placeholder; it is shorter than 32 characters.',
      faults: ['placeholder', 'too-short'],
    });
  });
});
