import { describe, expect, test } from 'vitest';
import { counted, evidence, failures, walk } from './fly-neon-walk.ts';

describe('the production of Fly, Neon and GitHub in a rehearsal', () => {
  test('a first set-up, with Authentik, is sealed in less than a minute', async () => {
    const walked = await walk('smoke-login', '--set', 'deploy_authentik=true');
    expect(failures(walked)).toEqual([]);
    expect(walked.exit).toBe(0);
    expect(walked.seconds).toBeLessThan(60);
    expect(walked.records.findLast(({ type }) => type === 'seal')).toMatchObject({ outcome: 'completed' });
    expect(evidence(walked, 'migrate')).toMatchObject({ summary: '4 applied, up to 000004_guest_email.sql' });
    // The platform's own word: three apps, one release each, and each secret stored once on its own app.
    expect(counted(walked, 'app-created').map(({ app }) => app)).toEqual([
      'phase2-backend',
      'phase2-client',
      'phase2-authentik',
    ]);
    expect(counted(walked, 'release-settled').map(({ app, status }) => `${app} ${status}`)).toEqual([
      'phase2-backend complete',
      'phase2-client complete',
      'phase2-authentik complete',
    ]);
    const stored = counted(walked, 'secret-stored').map(({ app, name }) => `${app} ${name}`);
    expect(stored.filter((one) => one.startsWith('phase2-backend'))).toEqual(['phase2-backend DATABASE_URL']);
    expect(stored).toHaveLength(1 + 5 + 6);
    expect(walked.output).not.toMatch(/npg_[0-9a-f]{24}|napi_[0-9a-f]{48}/);
  }, 120_000);
});
