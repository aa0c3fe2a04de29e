import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asTyped } from '../../../tasks/as-typed.ts';
import {
  contents,
  dump,
  freeSpace,
  identifier,
  psql,
  readWhole,
  restoreInto,
  typed,
} from '../../../tasks/backup/commands.ts';
import { markText, readMark } from '../../../tasks/backup/databases.ts';
import { backupName, momentIn } from '../../../tasks/backup/file.ts';
import { mayGo } from '../../../tasks/backup/retention.ts';
import { swapSql } from '../../../tasks/backup/swap.ts';
import { sizeText } from '../../../tasks/backup/table.ts';
import { type JudgedBackup, tableNames } from '../../../tasks/backup/verify.ts';

const DB = { container: 'salon_gbp_db', user: 'salon_gbp' };

describe('the commands', () => {
  test('a dump has no pipe, and overwrites nothing', () => {
    expect(dump(DB, 'salon_gbp', '/b/x.dump.part')).toEqual({
      file: 'sh',
      args: [
        '-c',
        'umask 077; set -C; docker exec "$1" pg_dump -Fc -w -U "$2" -d "$3" > "$4"',
        ...['sh', 'salon_gbp_db', 'salon_gbp', 'salon_gbp', '/b/x.dump.part'],
      ],
    });
    expect(typed.dump(DB, 'salon_gbp', '/b/x.dump')).toBe(
      'docker exec salon_gbp_db pg_dump -Fc -w -U salon_gbp -d salon_gbp > /b/x.dump.part',
    );
  });

  test.each([
    [readWhole('db', 'x.dump'), 'docker exec -i "$1" pg_restore -f /dev/null < "$2"', ['sh', 'db', 'x.dump']],
    [contents('db', 'x.dump'), 'docker exec -i "$1" pg_restore -l < "$2"', ['sh', 'db', 'x.dump']],
    [
      restoreInto(DB, 'side', 'x.dump'),
      'docker exec -i "$1" pg_restore --exit-on-error -w -U "$2" -d "$3" < "$4"',
      ['sh', 'salon_gbp_db', 'salon_gbp', 'side', 'x.dump'],
    ],
  ])('a dump is read through standard input', (command, script, rest) => {
    expect(command).toEqual({ file: 'sh', args: ['-c', script, ...rest] });
  });

  test('psql reads no settings, asks for no password and stops at an error', () => {
    expect(asTyped(psql(DB, 'postgres', 'select 1'))).toBe(
      "docker exec salon_gbp_db psql -X -w -q -v ON_ERROR_STOP=1 -U salon_gbp -d postgres -At -c 'select 1'",
    );
    expect(asTyped(freeSpace('/opt/b'))).toBe('df -P -k /opt/b');
  });

  test.each(["x'; drop database y; --", 'X', '1x', '', 'x"y', 'a'.repeat(64)])(
    '%j is no name of a database',
    (name) => {
      expect(identifier.safeParse(name).success).toBe(false);
    },
  );

  test('a swap is one statement: it ends sessions, renames twice, and marks what is kept', () => {
    const sql = swapSql({ database: 'shop', from: 'shop_restore', keep: 'shop_old' }, 'tejun: replaced x.dump T');
    const order = ['pg_terminate_backend', 'RENAME TO "shop_old"', 'RENAME TO "shop"', 'tejun: replaced', 'END $$'];
    const places = order.map((word) => sql.indexOf(word));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(sql).toMatch(/^DO \$\$ BEGIN .* END \$\$$/);
  });
});

test("the tables of a dump are those of pg_restore's list", () => {
  const listing = `;
; Archive created at 2025-11-15 03:00:00 JST
;     dbname: salon_gbp
;     TOC Entries: 5
216; 1259 16391 TABLE public app_users salon_gbp
3378; 0 16391 TABLE DATA public app_users salon_gbp
3380; 0 16394 TABLE DATA audit job logs salon_gbp
3200; 2606 16395 CONSTRAINT public app_users app_users_pkey salon_gbp
`;
  expect(tableNames(listing)).toEqual(['app_users', 'audit.job logs']);
});

test.each([
  ['backup_20251115_030000.dump', new Date(2025, 10, 15, 3)],
  ['backup_20251115.sql.gz', new Date(2025, 10, 15)],
  ['backup_20250229_030000.dump', undefined],
  ['backup_before-migration.dump', undefined],
])('the moment in %s', (name, at) => expect(momentIn(name)).toEqual(at));

test('a name is read back as the moment that it was made for', () => {
  const seconds = fc.date({ min: new Date(2001, 0, 1), max: new Date(2098, 0, 1), noInvalidDate: true });
  fc.assert(
    fc.property(seconds, (at) => {
      const name = backupName('b_', at);
      // An hour that a change of the clocks skips or repeats has one name for two moments.
      const back = momentIn(name);
      return back !== undefined && backupName('b_', back) === name;
    }),
  );
});

test.each([
  [
    'tejun: restored backup_1.dump 2025-11-15T00:00:00.000Z',
    { is: 'restored', file: 'backup_1.dump', at: '2025-11-15T00:00:00.000Z' },
  ],
  ['tejun: dropped x y', undefined],
  ['main database', undefined],
  [null, undefined],
])('the mark in a comment: %s', (comment, mark) => {
  expect(readMark(comment)).toEqual(mark);
  const read = readMark(comment);
  if (read) expect(markText(read)).toBe(comment);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [123_456_789, '123 MB'],
])('%d bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));

describe('retention', () => {
  const NOW = new Date(2025, 10, 15);
  const backups = fc.array(fc.record({ age: fc.integer({ min: 0, max: 400 }), verified: fc.boolean() })).map((all) =>
    all
      .toSorted((a, b) => a.age - b.age)
      .map(
        ({ age, verified }, index): JudgedBackup => ({
          ...{ file: `b_${index}.dump`, bytes: 1, at: new Date(Number(NOW) - age * 86_400_000), kind: 'dump' },
          ...{ verified, why: '' },
        }),
      ),
  );
  const rule = fc.record({ keep: fc.integer({ min: 1, max: 10 }), days: fc.integer({ min: 1, max: 90 }) });

  test('keeps what is young, and enough verified ones newer than whatever goes', () => {
    fc.assert(
      fc.property(backups, rule, (all, { keep, days }) => {
        const going = mayGo(all, { keep, days, now: NOW });
        const stays = all.filter((each) => !going.includes(each));
        for (const gone of going) {
          expect(Number(NOW) - Number(gone.at)).toBeGreaterThan(days * 86_400_000);
          const newer = stays.filter((each) => each.verified && each.at >= gone.at);
          expect(newer.length).toBeGreaterThanOrEqual(keep);
        }
        const verified = all.filter((each) => each.verified).length;
        expect(stays.filter((each) => each.verified).length).toBeGreaterThanOrEqual(Math.min(keep, verified));
      }),
    );
  });

  test('removes nothing while no backup is verified, however old they are', () => {
    fc.assert(
      fc.property(backups, rule, (all, { keep, days }) => {
        const none = all.map((each) => ({ ...each, verified: false }));
        expect(mayGo(none, { keep, days, now: NOW })).toEqual([]);
      }),
    );
  });
});
