import type { FrontMatter } from './front-matter.ts';
import { lintAttributes } from './lint-attributes.ts';
import { lintNames } from './lint-names.ts';
import { lintReferences } from './lint-references.ts';
import { lintSecrets } from './lint-secrets.ts';
import type { Report } from './source.ts';
import type { LocatedStep } from './steps.ts';

/** What the rules look at: the whole document, once its parts have been read. */
export interface Draft extends FrontMatter {
  steps: readonly LocatedStep[];
}

/** Reports whatever is undeclared, unreachable, cyclic or ambiguous (docs/runbook-format.md, "Rules"). */
export function lint(draft: Draft, report: Report): void {
  lintAttributes(draft, report);
  lintReferences(draft, report);
  lintNames(draft, report);
  lintSecrets(draft, report);
}
