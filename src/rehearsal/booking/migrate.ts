import { alembic } from '../alembic/alembic.ts';

/**
 * `alembic upgrade head` at the start of the service, in its own process. Two machines start at once: alembic's lock lets
 * one of them migrate.
 *
 * @param directory of the release, with `alembic.ini`
 * @param database connection string with the scheme `postgresql:`
 * @throws Error with what alembic said, when a migration fails; those before it stay
 */
export async function migrate(directory: string, database: string, say: (line: string) => void): Promise<void> {
  const failed: string[] = [];
  const code = await alembic({
    args: ['upgrade', 'head'],
    cwd: directory,
    env: { DATABASE_URL: database },
    out: (text) => failed.push(text),
    err: (text) => {
      for (const line of text.trimEnd().split('\n')) {
        if (line.startsWith('INFO ')) say(line.slice('INFO '.length).trim());
        else failed.push(`${line}\n`);
      }
    },
  });
  if (code !== 0) throw new Error(`alembic upgrade head failed:\n${failed.join('').trimEnd()}`);
}
