import { basename } from 'node:path';
import { Argument } from 'commander';
import type { Declare } from './command.ts';

export const completion: Declare = (program) => {
  program
    .command('completion')
    .description('print what completes tejun in your shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HELP)
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const [{ completionScript, shapeOf }, { findRunbooks }] = await Promise.all([
        import('../completion.ts'),
        import('../../runbook/load.ts'),
      ]);
      const runbooks = (await findRunbooks()).map((file) => basename(file, '.md'));
      process.stdout.write(completionScript(shell, shapeOf(program), runbooks));
    });
};

const HELP = `
Examples:
  bash: tejun completion bash > ~/.local/share/bash-completion/completions/tejun
  zsh:  tejun completion zsh > "\${fpath[1]}/_tejun", then open a new shell
  fish: tejun completion fish > ~/.config/fish/completions/tejun.fish`;
