import { chmodSync, mkdtempSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase } from '../../src/rehearsal/database.ts';
import { createEffects } from '../../src/rehearsal/effects.ts';
import type { Order } from '../../src/rehearsal/order.ts';
import type { Ground } from '../../src/rehearsal/stand-in.ts';

/** What a platform stands on, with a real PostgreSQL and without the rest of a rehearsal. */
export async function makeGround(order: Partial<Order> = {}): Promise<Ground & { end(): Promise<void> }> {
  const world = mkdtempSync(join(tmpdir(), 'tejun-ground-'));
  chmodSync(world, 0o711);
  await mkdir(join(world, 'project'));
  const leaving = new AbortController();
  const record = () => {};
  const database = await startDatabase(join(world, 'pg'), record);
  return {
    order: { world, uses: [], bodies: [], values: {}, apps: [], settings: [], ...order } as unknown as Order,
    world,
    project: join(world, 'project'),
    database,
    redis: { url: 'redis://127.0.0.1:1', kind: 'none', stop: async () => {} } as unknown as Ground['redis'],
    effects: createEffects(join(world, 'effects.jsonl')),
    record,
    leaving: leaving.signal,
    async end() {
      leaving.abort();
      await database.stop();
      await rm(world, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
