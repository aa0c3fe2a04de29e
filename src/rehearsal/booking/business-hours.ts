import { jstMinutes, jstWeekday } from './clock.ts';

/** A shop's `booking_hours`, as its `contact_json` holds them. */
export interface BookingHours {
  /** Weekdays from Monday, 0. A segment whose `close` is not after its `open` ends on the next day. */
  weekly: readonly { weekday: number; segments: readonly { open: string; close: string }[] }[];
}

const DAY = 24 * 60;

/**
 * Whether a booking from `start` for `minutes` lies within one segment of the shop's hours, those of the evening before
 * included. A shop without hours is always open. Pure.
 */
export function isWithinHours(hours: BookingHours | undefined, start: Date, minutes: number): boolean {
  if (!hours) return true;
  const from = jstMinutes(start);
  const weekday = jstWeekday(start);
  const fits = (day: number, shift: number): boolean =>
    hours.weekly
      .filter((entry) => entry.weekday === day)
      .flatMap(({ segments }) => segments)
      .some(({ open, close }) => {
        const opens = minutesOf(open) + shift;
        const closes = minutesOf(close) + shift + (minutesOf(close) <= minutesOf(open) ? DAY : 0);
        return opens <= from && from + minutes <= closes;
      });
  return fits(weekday, 0) || fits((weekday + 6) % 7, -DAY);
}

function minutesOf(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}
