import type pg from 'pg';
import type { BookingHours } from './business-hours.ts';
import { type Clock, dayAfter, jstDate, jstText } from './clock.ts';
import type { Answer } from './respond.ts';

/** Days that a shop's calendar shows, today included. */
const CALENDAR_DAYS = 7;

export interface Shop {
  id: string;
  name: string;
  /** Minutes that stay free around a booking; a column that the migrations do not make. */
  bufferMinutes: number;
  hours?: BookingHours;
}

interface Slot {
  start_at: string;
  end_at: string;
}

/** The published shop of this id. */
export async function findShop(pool: pg.Pool, id: string): Promise<Shop | undefined> {
  const found = await pool.query<{
    id: string;
    name: string;
    buffer_minutes: number;
    contact_json: { booking_hours?: BookingHours };
  }>("select id, name, buffer_minutes, contact_json from profiles where id::text = $1 and status = 'published'", [id]);
  const row = found.rows[0];
  if (!row) return undefined;
  const hours = row.contact_json.booking_hours;
  return { id: row.id, name: row.name, bufferMinutes: row.buffer_minutes, ...(hours ? { hours } : {}) };
}

/**
 * `GET /api/v1/shops/ID`: the shop and its calendar. "Today" is Japan's: in the nine hours in which UTC is still on the
 * day before, the day that has begun in Japan is the one with `is_today`.
 */
export async function showShop(pool: pg.Pool, id: string, clock: Clock): Promise<Answer> {
  const shop = await findShop(pool, id);
  if (!shop) return { status: 404, body: { detail: 'shop not found' } };
  const now = clock.now();
  const today = jstDate(now);
  const rows = await pool.query<{ date: string; slots_json: Slot[] }>(
    'select date::text, slots_json from availabilities where profile_id = $1 and date >= $2 and date < $3 order by date',
    [shop.id, today, dayAfter(today, CALENDAR_DAYS)],
  );
  const byDate = new Map(rows.rows.map((row) => [row.date, row.slots_json]));
  const days = Array.from({ length: CALENDAR_DAYS }, (_, index) => {
    const date = dayAfter(today, index);
    const slots = (byDate.get(date) ?? []).map((slot) => ({
      start_at: jstText(new Date(slot.start_at)),
      end_at: jstText(new Date(slot.end_at)),
      status: 'open',
    }));
    return { date, is_today: date === today, slots };
  });
  const free = days.flatMap(({ slots }) => slots).find(({ end_at }) => new Date(end_at) > now);
  return {
    status: 200,
    body: {
      id: shop.id,
      name: shop.name,
      today_available: days.some((day) => day.is_today && day.slots.some(({ end_at }) => new Date(end_at) > now)),
      next_available_at: free === undefined ? null : later(free.start_at, jstText(now)),
      availability_calendar: { shop_id: shop.id, days },
    },
  };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
