import { type Command, Option } from 'commander';

/** The flags that answer what a run asks: one for each question, for `tejun run` and `tejun resume`. */
export function withAnswers(command: Command): Command {
  const each = (flags: string, description: string) =>
    new Option(flags, description).default([]).argParser((value: string, before: string[]) => [...before, value]);
  return command
    .option('-y, --yes', 'confirm what is confirmed with a key; never what has to be typed')
    .addOption(each('--confirm <name>', 'confirm what has to be typed: the environment, or what a step destroys'))
    .addOption(each('--attest <step=note>', 'a person did this step'))
    .addOption(each('--skip <step=reason>', 'leave this step out'))
    .addOption(each('--retry <step>', 'run this step again when it failed, or nobody knows what became of it'))
    .addOption(each('--choose <step[=value]>', 'what to take of a step’s choice, as a release to go back to'))
    .addOption(each('--check <item=state[:note]>', 'a line of the checklist: done, not-applicable or not-done'))
    .option('--approval <file|wait>', 'a second person’s approval: its file, or wait for tejun approve')
    .addOption(
      new Option('--on-failure <what>', 'after a failed step: stop, or walk the step’s way back')
        .choices(['stop', 'undo'])
        .default('stop'),
    );
}
