import { fileURLToPath } from 'node:url';
import { builtFile } from '../program.ts';

/** Paths of the rehearsal's programs: the sources when this runs from its sources, else what the build made of them. */
export const PROGRAMS: Readonly<
  Record<
    'platform' | 'flyctl' | 'program' | 'booking' | 'alembic' | 'catalogue' | 'composeService' | 'composeInside',
    string
  >
> = import.meta.url.endsWith('.ts')
  ? {
      platform: source('./platform.ts'),
      flyctl: source('./flyctl/cli.ts'),
      program: source('./program.ts'),
      booking: source('./booking/service.ts'),
      alembic: source('./alembic/cli.ts'),
      catalogue: source('./catalogue/cli.ts'),
      composeService: source('./compose/service/main.ts'),
      composeInside: source('./compose/inside/main.ts'),
    }
  : {
      platform: builtFile('rehearsal/platform.js'),
      flyctl: builtFile('rehearsal/flyctl.js'),
      program: builtFile('rehearsal/program.js'),
      booking: builtFile('rehearsal/booking.js'),
      alembic: builtFile('rehearsal/alembic.js'),
      catalogue: builtFile('rehearsal/catalogue.js'),
      composeService: builtFile('rehearsal/compose-service.js'),
      composeInside: builtFile('rehearsal/compose-inside.js'),
    };

function source(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
