import { expect, test } from 'vitest';
import { goes, imageRow, reclaimedSpace, removedIds } from '../../../tasks/compose/images.ts';

const row = (ID: string, CreatedAt: string) =>
  imageRow.parse({ ID, Repository: 'app', Tag: 'latest', Size: '412MB', CreatedAt, Containers: 'N/A' });
const now = new Date('2026-11-22T06:30:00Z');

test('the time of an image, in any zone', () => {
  expect(row('sha256:a', '2026-11-22 06:28:15 +0000 UTC').createdAt).toEqual(new Date('2026-11-22T06:28:15Z'));
  expect(row('sha256:a', '2026-11-22 15:28:15 +0900 JST').createdAt).toEqual(new Date('2026-11-22T06:28:15Z'));
});

test('older than the age and used by no container: nothing else goes', () => {
  const images = [
    row('sha256:old', '2026-11-01 00:00:00 +0000 UTC'),
    row('sha256:used', '2026-11-01 00:00:00 +0000 UTC'),
    row('sha256:new', '2026-11-21 00:00:00 +0000 UTC'),
  ];
  expect(goes(images, new Set(['sha256:used']), 168, now).map(({ id }) => id)).toEqual(['sha256:old']);
  expect(goes(images, new Set(['sha256:used']), 24, now).map(({ id }) => id)).toEqual(['sha256:old', 'sha256:new']);
});

test('what prune prints', () => {
  const said = 'Deleted Images:\nuntagged: app:2025-10\ndeleted: sha256:aa11\n\nTotal reclaimed space: 412MB\n';
  expect([...removedIds(said)]).toEqual(['sha256:aa11']);
  expect(reclaimedSpace(said)).toBe('412MB');
  expect([...removedIds('Total reclaimed space: 0B\n')]).toEqual([]);
});
