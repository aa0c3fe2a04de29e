import { arch } from 'node:os';
import { VERSION } from '../../flyctl/table.ts';
import { type Call, isSet } from '../call.ts';
import { type Fleet, hexId, OWNER } from '../fleet.ts';
import { render } from '../json.ts';
import { table } from '../text.ts';

const COMMIT = '3eb236fab6a9226928554243ba163e5fb13aa3a4';
const BUILT = '2026-08-20T00:00:00Z';

export async function version(_fleet: Fleet, call: Call): Promise<void> {
  const architecture = arch() === 'x64' ? 'amd64' : arch();
  if (isSet(call, 'json')) {
    // The one document that flyctl prints on one line.
    const about = {
      Name: call.program,
      Version: VERSION.slice(1),
      Commit: COMMIT,
      BranchName: '',
      BuildDate: BUILT,
      OS: process.platform,
      Architecture: architecture,
      Environment: 'production',
    };
    call.out(`${JSON.stringify(about)}\n`);
    return;
  }
  call.out(`${call.program} ${VERSION} ${process.platform}/${architecture} Commit: ${COMMIT} BuildDate: ${BUILT}\n`);
}

export async function whoami(_fleet: Fleet, call: Call): Promise<void> {
  call.out(isSet(call, 'json') ? render({ email: OWNER }) : `${OWNER}\n`);
}

/** The web log-in, as if somebody said yes in the browser at once. */
export async function login(fleet: Fleet, call: Call): Promise<void> {
  call.err('failed opening browser. Copy the url into a browser and continue\n');
  call.out(`Opening https://fly.io/app/auth/cli/${hexId(32)} ...\n\nWaiting for session... Done\n`);
  await fleet.saveLogin();
  fleet.effects.add('logged-in');
  call.out(`successfully logged in as ${OWNER}\n`);
}

/** Region codes and names; a selection of the real list. */
export const REGIONS: Readonly<Record<string, string>> = {
  ams: 'Amsterdam, Netherlands',
  arn: 'Stockholm, Sweden',
  bom: 'Mumbai, India',
  cdg: 'Paris, France',
  dfw: 'Dallas, Texas (US)',
  ewr: 'Secaucus, NJ (US)',
  eze: 'Ezeiza, Argentina',
  fra: 'Frankfurt, Germany',
  gru: 'Sao Paulo, Brazil',
  iad: 'Ashburn, Virginia (US)',
  jnb: 'Johannesburg, South Africa',
  lax: 'Los Angeles, California (US)',
  lhr: 'London, United Kingdom',
  nrt: 'Tokyo, Japan',
  ord: 'Chicago, Illinois (US)',
  sin: 'Singapore, Singapore',
  sjc: 'San Jose, California (US)',
  syd: 'Sydney, Australia',
  yyz: 'Toronto, Canada',
};

export async function platformRegions(_fleet: Fleet, call: Call): Promise<void> {
  const regions = Object.entries(REGIONS);
  if (isSet(call, 'json')) {
    call.out(
      render(
        regions.map(([code, name]) => ({
          code,
          name,
          latitude: 0,
          longitude: 0,
          gateway_available: true,
          requires_paid_plan: false,
          deprecated: false,
          capacity: 100,
          geo_region: '',
        })),
      ),
    );
    return;
  }
  call.out(
    table(
      ['NAME', 'CODE', 'GATEWAY'],
      regions.map(([code, name]) => [name, code, '✓']),
    ),
  );
}
