import { KEY } from '../e2e/terminal.ts';

/** What an English screen asks, and the keys with which an operator who always goes on answers it; the first that fits. */
const ANSWERS: readonly (readonly [asks: RegExp, keys: (found: RegExpExecArray) => string[]])[] = [
  [/Type its name, then press Enter: (\S+)/, ([, name = '']) => [...name, KEY.enter]],
  [/Press y, then Enter/, () => ['y', KEY.enter]],
  [/(Yes\. Enter does it|Enter confirms|Your word stands for it)/, () => [KEY.enter]],
  [/Enter takes the rehearsal.s own value/, () => [KEY.enter]],
  [/While you were away/, () => [KEY.enter]],
  [/You do this step\. Enter says that it is done/, () => [KEY.enter]],
  [/Enter (runs|goes on|chooses|choose|opens|asks|seals|leaves|next|start|takes)/, () => [KEY.enter]],
  [/Went back\. Enter goes to the checklist/, () => [KEY.enter]],
];

/** The keys that answer the screen; none while it only has to be waited for. Throws where an operator would have to decide. */
export function answerTo(screen: string): string[] {
  if (/You decide; Enter does nothing here/.test(screen)) throw new Error(`nobody decides this here:\n${screen}`);
  for (const [asks, keys] of ANSWERS) {
    const found = asks.exec(screen.replaceAll(/\s*\n\s*/g, ' '));
    if (found) return keys(found);
  }
  return [];
}
