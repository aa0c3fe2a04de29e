import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext, TaskResult } from '../task.ts';

/** A file of the project: relative to the step's directory, and inside of it. */
export const projectPath = z
  .string()
  .regex(/^[\w.][\w./-]*$/, 'a path inside the project')
  .refine((path) => !path.split('/').includes('..'), 'a path inside the project');

/** Reads a file of the project. @throws Problem `file-missing` */
export async function readProjectFile(context: TaskContext, path: string): Promise<string> {
  try {
    return await readFile(resolve(context.cwd, path), 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Problem(
      {
        code: missing ? 'file-missing' : 'file-unreadable',
        what: missing
          ? `There is no ${path} in ${context.cwd}.`
          : `${path} cannot be read: ${(error as Error).message}`,
        means: 'Nothing was changed.',
        next: ['start tejun in the root of the repository', `ls -l ${path}`],
      },
      EXIT.failed,
    );
  }
}

/** The result of a look at one file. Pure. @param wrong what is not as it must be, each a clause; empty when all is well */
export function found(path: string, checked: number, wrong: readonly string[]): TaskResult {
  const evidence = { path, checked, wrong: [...wrong] };
  if (wrong.length === 0) return { outcome: 'passed', summary: `${path}: ${checked} as it must be`, evidence };
  return {
    outcome: 'failed',
    summary: `${path}: ${wrong[0]}${wrong.length > 1 ? `, and ${wrong.length - 1} more` : ''}`,
    evidence,
    problem: {
      code: 'file-content',
      what: `${path} is not as this runbook needs it: ${wrong.join('; ')}.`,
      means: 'Nothing was changed.',
      next: [`correct ${path} and commit it`, 'or the environment of this run is not the one that you meant'],
    },
  };
}
