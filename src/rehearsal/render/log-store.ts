import { newId } from './ids.ts';
import type { LogLine, Workspace } from './model.ts';

/** Kept of the logs. */
const MOST = 20_000;
let last = 0n;

/** Adds what a process wrote, a line each. */
export function addLog(workspace: Workspace, resource: string, type: LogLine['type'], text: string): void {
  for (const message of text.split('\n')) {
    const level = /\b(ERROR|Error)\b|Traceback/.test(message)
      ? 'error'
      : /\bWARNING\b/.test(message)
        ? 'warning'
        : 'info';
    workspace.logs.push({ id: newId('log'), message, timestamp: nextMoment(), resource, type, level });
  }
  if (workspace.logs.length > MOST) workspace.logs.splice(0, workspace.logs.length - MOST);
}

/** No two lines have the same moment, as nanoseconds make it on the real platform. */
function nextMoment(): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  last = now > last ? now : last + 1n;
  const milliseconds = new Date(Number(last / 1_000_000n)).toISOString().slice(0, -1);
  return `${milliseconds}${String(last % 1_000_000n).padStart(6, '0')}Z`;
}
