/**
 * The part of Go's templates that `--format` of Docker's commands is used with: text, `{{.Field.Sub}}`, `{{json .Field}}`, and
 * `{{range .Map}}…{{end}}`. Anything else is refused by name, so that no runbook passes a rehearsal with what it did not do.
 */

export class TemplateError extends Error {}

type Node =
  | { text: string }
  | { path: readonly string[]; json: boolean }
  | { range: readonly string[]; body: readonly Node[] };

/** Renders `template` over `data`. `\t` and `\n` are what Docker makes of them in a format. @throws TemplateError */
export function renderTemplate(template: string, data: unknown): string {
  const text = template.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
  const tokens = text.split(/(\{\{-?.*?-?\}\})/s);
  const [nodes] = parse(tokens, 0, false);
  return render(nodes, data);
}

function parse(tokens: readonly string[], from: number, inside: boolean): [Node[], number] {
  const nodes: Node[] = [];
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    const action = /^\{\{-?\s*(.*?)\s*-?\}\}$/s.exec(token)?.[1];
    if (action === undefined) {
      if (token !== '') nodes.push({ text: token });
      continue;
    }
    if (action === 'end') {
      if (!inside) throw new TemplateError('template parsing error: template: :1: unexpected {{end}}');
      return [nodes, at];
    }
    const range = /^range (\.[\w.]*)$/.exec(action)?.[1];
    if (range !== undefined) {
      const [body, end] = parse(tokens, at + 1, true);
      nodes.push({ range: pathOf(range), body });
      at = end;
      continue;
    }
    const field = /^(json )?(\.[\w.]*)$/.exec(action);
    if (!field) throw new TemplateError(`this rehearsal does not act out the template {{${action}}}`);
    nodes.push({ path: pathOf(field[2] ?? '.'), json: field[1] !== undefined });
  }
  if (inside) throw new TemplateError('template parsing error: template: :1: unexpected EOF');
  return [nodes, tokens.length];
}

function pathOf(field: string): string[] {
  return field.split('.').filter((part) => part !== '');
}

function render(nodes: readonly Node[], data: unknown): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.text;
      if ('range' in node) {
        const over = lookUp(data, node.range);
        const items = Array.isArray(over) ? over : Object.values((over as object | null) ?? {});
        return items.map((item) => render(node.body, item)).join('');
      }
      const value = lookUp(data, node.path);
      return node.json ? JSON.stringify(value ?? null) : plain(value);
    })
    .join('');
}

function lookUp(data: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      throw new TemplateError(
        `template: :1:2: executing "" at <.${path.join('.')}>: map has no entry for key "${key}"`,
      );
    }
    return (value as Record<string, unknown>)[key];
  }, data);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '<no value>';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`;
  return `map[${Object.entries(value)
    .map(([key, each]) => `${key}:${plain(each)}`)
    .join(' ')}]`;
}
