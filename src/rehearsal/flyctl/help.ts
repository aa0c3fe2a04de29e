import { type CommandEntry, childrenOf, type Flag, GLOBAL_FLAGS } from './table.ts';

/**
 * The help of a command, in cobra's layout. The real program's long texts are not in the table: each command has its
 * one-line description.
 */
export function helpText(command: CommandEntry, program: string): string {
  const name = command.path === '' ? program : `${program} ${command.path}`;
  const children = childrenOf(command.path);
  const own = command.flags.filter((flag) => !GLOBAL_FLAGS.some((global) => global.spelling === flag.spelling));
  const usage = command.group ? `${name} [command]` : `${name} [flags]`;
  const parts = [command.short, `Usage:\n  ${usage}`];
  if (children.length > 0) {
    const width = Math.max(...children.map((child) => lastWord(child).length), 11);
    const lines = children.map((child) => `  ${lastWord(child).padEnd(width)} ${child.short}`);
    parts.push(`Available Commands:\n${lines.join('\n')}`);
  }
  parts.push(`Flags:\n${[...own.map(flagLine), `  -h, --help   help for ${lastWord(command) || program}`].join('\n')}`);
  parts.push(
    `Global Flags:\n${GLOBAL_FLAGS.filter((flag) => flag.name !== 'help')
      .map(flagLine)
      .join('\n')}`,
  );
  if (children.length > 0) parts.push(`Use "${name} [command] --help" for more information about a command.`);
  return `${parts.join('\n\n')}\n`;
}

function lastWord(command: CommandEntry): string {
  return command.path.split(' ').at(-1) ?? '';
}

function flagLine(flag: Flag): string {
  const short = flag.short ? `-${flag.short}, ` : '    ';
  return `  ${short}--${flag.spelling}${flag.kind === 'bool' ? '' : ` ${flag.kind}`}`;
}
