import { expect, test } from 'vitest';
import { renderTemplate, TemplateError } from '../../../src/rehearsal/compose/template.ts';

const data = {
  Name: 'app-network',
  State: { Health: null, ExitCode: 0 },
  Containers: { a1: { Name: 'web' }, b2: { Name: 'gateway' } },
  Labels: { k: 'v' },
};

test.each([
  ['{{.Name}}', 'app-network'],
  ['{{ .Name }}\\t{{.State.ExitCode}}', 'app-network\t0'],
  ['{{range .Containers}}{{.Name}} {{end}}', 'web gateway '],
  ['{"n":{{json .Name}},"h":{{json .State.Health}}}', '{"n":"app-network","h":null}'],
  ['{{json .}}', JSON.stringify(data)],
  ['{{.Labels}}', 'map[k:v]'],
  ['no action', 'no action'],
])('%s', (template, text) => {
  expect(renderTemplate(template, data)).toBe(text);
});

test.each(['{{.Nope}}', '{{if .Name}}x{{end}}', '{{range .Containers}}x', '{{end}}', '{{.State.Health.Log}}'])(
  '%s is refused',
  (template) => {
    expect(() => renderTemplate(template, data)).toThrow(TemplateError);
  },
);
