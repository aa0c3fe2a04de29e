/**
 * The team's store, as PostgreSQL has it: every line of every journal, as it is, and one row a run for the listing. Who writes
 * may INSERT and SELECT, and nothing else; what a line must be is held by a trigger that belongs to the schema's owner.
 */

/** The role that operators' engines write and read as; a login of the team is made a member of it. */
export const WRITER = 'tejun_writer';

/**
 * Makes the schema, its tables and grants; what is there already stays. Run by the owner of the database.
 *
 * Lines are partitioned by the month in which their run began, so that a run is in one partition: old months are detached or
 * moved as a whole. The trigger refuses a gap in `seq`, a `prev` that is not the digest of the line before, and another line in
 * the place of one that is there; the same line again is no second one.
 *
 * `run` is what a listing needs, so that none reads a line: `about` is written once, as the JSON array that is handed out; the rest is
 * kept up by each insert, in place (a page has room for the next version of its rows). `heard` is by the store's own clock.
 */
export const SCHEMA = `
create schema if not exists tejun;

create table if not exists tejun.line (
  month date not null,
  run text not null,
  seq bigint not null,
  line text not null,
  primary key (month, run, seq)
) partition by range (month);

create table if not exists tejun.run (
  run text primary key,
  month date not null,
  began timestamptz not null,
  about json not null,
  records bigint not null,
  heard timestamptz not null,
  outcome text
) with (fillfactor = 50);
create index if not exists run_began on tejun.run (began desc);

create or replace function tejun.make_month(wanted date) returns void
language plpgsql security definer set search_path = pg_catalog, tejun as $$
declare
  first date := date_trunc('month', wanted);
  name text := 'line_' || to_char(first, 'YYYY_MM');
begin
  if to_regclass('tejun.' || name) is null then
    execute format('create table if not exists tejun.%I partition of tejun.line for values from (%L) to (%L)',
      name, first, first + interval '1 month');
  end if;
end $$;

create or replace function tejun.check_line() returns trigger
language plpgsql set search_path = pg_catalog, tejun as $$
declare
  record json := new.line::json;
  there text;
  before text;
begin
  select max(line) filter (where seq = new.seq),
      encode(sha256(convert_to(max(line) filter (where seq = new.seq - 1) || E'\\n', 'UTF8')), 'hex')
    into there, before
    from tejun.line where month = new.month and run = new.run and seq in (new.seq - 1, new.seq);
  if there = new.line then
    return null;
  end if;
  if there is not null then
    raise exception 'record % of % is there already, and is another one', new.seq, new.run using errcode = 'TJ001';
  end if;
  if (record->>'seq')::bigint <> new.seq then
    raise exception 'record % of % says another seq', new.seq, new.run using errcode = 'TJ002';
  end if;
  if new.seq = 0 then
    before := repeat('0', 64);
    if record->>'type' <> 'begin' or record->>'run' <> new.run
      or new.month <> date_trunc('month', (record->>'at')::timestamptz at time zone 'UTC')::date
      or exists (select from tejun.run where run = new.run) then
      raise exception '% does not begin so', new.run using errcode = 'TJ002';
    end if;
  elsif before is null then
    raise exception 'record % of % comes before the one that it follows', new.seq, new.run using errcode = 'TJ003';
  end if;
  if record->>'prev' <> before then
    raise exception 'record % of % does not follow the one before it', new.seq, new.run using errcode = 'TJ002';
  end if;
  return new;
end $$;

create or replace function tejun.list_lines() returns trigger
language plpgsql security definer set search_path = pg_catalog, tejun as $$
begin
  insert into tejun.run (run, month, began, about, records, heard)
    select run, month, (begin->>'at')::timestamptz, json_build_array(run, begin#>>'{runbook,title}',
        begin#>>'{runbook,path}', begin->>'environment', begin->>'flow', begin#>>'{operator,name}',
        begin#>>'{operator,host}', begin->>'at'), 1, now()
    from (select run, month, line::json as begin from added where seq = 0) first;
  update tejun.run
    set records = last.seq + 1, heard = now(), outcome = coalesce(last.outcome, tejun.run.outcome)
    from (select run, max(seq) as seq, max(line::json->>'outcome') filter (where line like '%"type":"seal",%'
        and line::json->>'type' = 'seal') as outcome from added group by run) last
    where tejun.run.run = last.run;
  return null;
end $$;

create or replace trigger check_line before insert on tejun.line for each row execute function tejun.check_line();
create or replace trigger list_lines after insert on tejun.line referencing new table as added
  for each statement execute function tejun.list_lines();

do $$ begin
  create role ${WRITER} nologin;
exception when duplicate_object then null; end $$;
grant usage on schema tejun to ${WRITER};
grant select, insert on tejun.line to ${WRITER};
grant select on tejun.run to ${WRITER};
revoke execute on function tejun.make_month(date) from public;
grant execute on function tejun.make_month(date) to ${WRITER};
`;
