/** A courier as a process of its own, to be killed: node a-courier.ts RUN JOURNAL; the store is that of TEJUN_STORE. */
import { openStore } from '../../src/commands/team-store.ts';
import { followInto } from '../../src/store/courier.ts';
import { storeSecret } from '../../src/store/setting.ts';

const [run = '', path = ''] = process.argv.slice(2);
const secret = storeSecret(process.env);
if (!secret) throw new Error('TEJUN_STORE is not set');
followInto({
  ...{ run, path, connect: () => openStore(secret), away: () => {} },
  refused: ({ what }) => {
    process.stderr.write(`${what}\n`);
    process.exit(1);
  },
});
// The courier's own timers hold no engine up.
setInterval(() => {}, 1_000);
