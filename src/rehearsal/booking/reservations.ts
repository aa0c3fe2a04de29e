import pg from 'pg';
import type { Answer } from './respond.ts';

interface Reservation {
  accommodation_id: number;
  check_in: string;
  check_out: string;
  guest_name: string | null;
}

/** PostgreSQL's SQLSTATEs: an EXCLUDE constraint was violated; a foreign key was; two transactions collided. */
const EXCLUSION_VIOLATION = '23P01';
const FOREIGN_KEY_VIOLATION = '23503';
const RETRYABLE = new Set(['40P01', '40001']);

/** `GET /api/v1/accommodations`. */
export async function listAccommodations(pool: pg.Pool): Promise<Answer> {
  const found = await pool.query('select id, name, capacity from accommodations order by id');
  return { status: 200, body: found.rows };
}

/**
 * `POST /api/v1/reservations`: 201 with the reservation, 409 `{detail: "overlap"}` when a night is taken, 404 when
 * there is no such accommodation, 422 when the body is wrong. Who wins a race is decided by the database's EXCLUDE
 * constraint and by nothing in this process.
 */
export async function reserve(pool: pg.Pool, body: string): Promise<Answer> {
  const wanted = readReservation(body);
  if (typeof wanted === 'string') return { status: 422, body: { detail: wanted } };
  try {
    return { status: 201, body: await insert(pool, wanted) };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === EXCLUSION_VIOLATION) return { status: 409, body: { detail: 'overlap' } };
    if (error.code === FOREIGN_KEY_VIOLATION) return { status: 404, body: { detail: 'no such accommodation' } };
    throw error;
  }
}

async function insert(pool: pg.Pool, wanted: Reservation, attempts = 3): Promise<unknown> {
  try {
    const made = await pool.query(
      // Guests of one accommodation queue for their insert: those that conflict would deadlock on each other's index
      // entries. Which one gets the nights is still for the constraint to decide.
      `with turn as materialized (select pg_advisory_xact_lock(hashtext('reservations'), $1::integer))
       insert into reservations (accommodation_id, check_in, check_out, guest_name)
       select $1::integer, $2::date, $3::date, $4::text from turn
       returning id, accommodation_id, check_in::text, check_out::text, guest_name`,
      [wanted.accommodation_id, wanted.check_in, wanted.check_out, wanted.guest_name],
    );
    return made.rows[0];
  } catch (error) {
    // Two inserts that conflict can deadlock on each other's index entries; the loser finds out on its second try.
    const retry = error instanceof pg.DatabaseError && RETRYABLE.has(error.code ?? '') && attempts > 1;
    if (retry) return insert(pool, wanted, attempts - 1);
    throw error;
  }
}

/** Gives the reservation, or what is wrong with it. */
function readReservation(body: string): Reservation | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  if (typeof parsed !== 'object' || parsed === null) return 'the body is not an object';
  const { accommodation_id, check_in, check_out, guest_name } = parsed as Record<string, unknown>;
  const id = typeof accommodation_id === 'string' ? Number(accommodation_id) : accommodation_id;
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > 2_147_483_647) {
    return 'accommodation_id is not a positive whole number';
  }
  if (!isDate(check_in)) return 'check_in is not a date (YYYY-MM-DD)';
  if (!isDate(check_out)) return 'check_out is not a date (YYYY-MM-DD)';
  if (check_out <= check_in) return 'check_out is not after check_in';
  if (guest_name !== undefined && guest_name !== null && typeof guest_name !== 'string')
    return 'guest_name is not text';
  return { accommodation_id: id, check_in, check_out, guest_name: guest_name ?? null };
}

function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
