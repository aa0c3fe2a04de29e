import { Problem } from '../problem.ts';

/** `--set name=value`, repeated, as values by name. Throws a `Problem` for one without `=`, or a name given twice. */
export function parseSettings(settings: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const setting of settings) {
    const at = setting.indexOf('=');
    if (at < 1) {
      throw new Problem({
        code: 'set-malformed',
        what: `--set ${setting} has no name and value.`,
        next: ['write --set name=value, e.g. --set check_in=2025-11-15'],
      });
    }
    const name = setting.slice(0, at);
    if (name in values) throw new Problem({ code: 'set-malformed', what: `--set ${name} was given twice.` });
    values[name] = setting.slice(at + 1);
  }
  return values;
}
