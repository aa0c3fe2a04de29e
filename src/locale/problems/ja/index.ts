import type { ProblemTexts } from '../told.ts';
import { command } from './command.ts';
import { fault } from './fault.ts';
import { remedies } from './remedies.ts';
import { run } from './run.ts';
import { runbook } from './runbook.ts';
import { task } from './task.ts';

export const ja: ProblemTexts = { what: { ...runbook, ...command, ...run, ...task }, fault, next: remedies };
