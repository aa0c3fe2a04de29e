import type { StartNews } from '../engine/start-news.ts';
import type { Messages } from './types.ts';

/** What a starting engine waits for, as a line. */
export function startNewsText({ starting }: Messages, news: StartNews): string {
  switch (news.kind) {
    case 'platform':
      return starting.platform(news.app ?? starting.thePlatform);
    case 'asked-to-yield':
      return starting.askedToYield(news.operator, news.run);
    case 'silent':
      return starting.silent(news.operator, news.run);
  }
}
