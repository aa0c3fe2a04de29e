import pg from 'pg';
import { isWithinHours } from './business-hours.ts';
import type { Clock } from './clock.ts';
import type { Answer } from './respond.ts';
import { findShop } from './shops.ts';

interface Wanted {
  shopId: string;
  therapistId: string;
  startAt: Date;
  minutes: number;
}

const EXCLUSION_VIOLATION = '23P01';

/**
 * `POST /api/guest/reservations`: 201 with `status: confirmed`, 409 with the reasons why not, 404 for a shop that is not
 * there, 422 for a body that is wrong. The shop's hours are judged before the shifts, so that their reason is the first.
 */
export async function reserveAsGuest(pool: pg.Pool, body: string, clock: Clock): Promise<Answer> {
  const wanted = readWanted(body);
  if (typeof wanted === 'string') return { status: 422, body: { detail: wanted } };
  const shop = await findShop(pool, wanted.shopId);
  if (!shop) return { status: 404, body: { detail: 'shop not found' } };
  const { startAt, minutes, therapistId } = wanted;
  const endAt = new Date(startAt.getTime() + minutes * 60_000);
  const reasons = [
    ...(startAt <= clock.now() ? ['in_the_past'] : []),
    ...(isWithinHours(shop.hours, startAt, minutes) ? [] : ['outside_business_hours']),
    ...((await isOnShift(pool, shop.id, therapistId, startAt, endAt)) ? [] : ['no_shift']),
  ];
  if (reasons.length > 0) return rejected(reasons);
  try {
    const made = await pool.query<{ id: string }>(
      `insert into guest_reservations (shop_id, therapist_id, start_at, end_at, blocked, status)
       values ($1, $2, $3, $4, tstzrange($3::timestamptz - $5::interval, $4::timestamptz + $5::interval), 'confirmed')
       returning id`,
      [shop.id, therapistId, startAt, endAt, `${shop.bufferMinutes} minutes`],
    );
    return {
      status: 201,
      body: { id: made.rows[0]?.id, status: 'confirmed', shop_id: shop.id, therapist_id: therapistId },
    };
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === EXCLUSION_VIOLATION) return rejected(['already_reserved']);
    throw error;
  }
}

function rejected(reasons: readonly string[]): Answer {
  return { status: 409, body: { status: 'rejected', detail: reasons[0], reasons } };
}

async function isOnShift(pool: pg.Pool, shop: string, therapist: string, start: Date, end: Date): Promise<boolean> {
  const found = await pool.query(
    `select 1 from therapist_shifts s join therapists t on t.id = s.therapist_id
      where s.shop_id = $1 and s.therapist_id::text = $2 and s.availability_status = 'available'
        and t.is_booking_enabled and s.start_at <= $3 and s.end_at >= $4`,
    [shop, therapist, start, end],
  );
  return (found.rowCount ?? 0) > 0;
}

/** Gives what is wanted, or what is wrong with it. */
function readWanted(body: string): Wanted | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  if (typeof parsed !== 'object' || parsed === null) return 'the body is not an object';
  const { shop_id, therapist_id, start_at, duration_minutes, planned_extension_minutes } = parsed as Record<
    string,
    unknown
  >;
  if (typeof shop_id !== 'string' || typeof therapist_id !== 'string') return 'shop_id or therapist_id is not text';
  const startAt = new Date(typeof start_at === 'string' ? start_at : '');
  if (Number.isNaN(startAt.getTime())) return 'start_at is not a time';
  const minutes = Number(duration_minutes) + Number(planned_extension_minutes ?? 0);
  if (!Number.isInteger(minutes) || minutes < 1) return 'duration_minutes is not a number of minutes';
  return { shopId: shop_id, therapistId: therapist_id, startAt, minutes };
}
