import { type Line, paragraph, type Tone } from '../layout/line.ts';
import type { Model } from '../ui-state.ts';

/** The sentence that says what Enter does, or that the operator decides. Who only watches can do neither, and is told so. */
export function promise({ messages, ui, width }: Model, text: string, tone: Tone = 'strong'): Line[] {
  return ui.watching ? paragraph(messages.onlyWatches, width, 'dim') : paragraph(text, width, tone);
}
