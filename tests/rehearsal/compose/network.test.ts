import { expect, test } from 'vitest';
import { type Host, route } from '../../../src/rehearsal/compose/network.ts';

const HOSTS: readonly Host[] = [
  { names: ['salon_gbp_api', 'api'], networks: ['salon_default'], ports: { '8000': 41001 } },
  { names: ['salon_gbp_web', 'web'], networks: ['salon_default', 'app-network'], ports: { '8000': 41002 } },
  { names: ['gateway-app-1', 'app'], networks: ['app-network'], ports: { '80': 41003 } },
];

test.each([
  ['salon_gbp_web', 'api', 8000, { port: 41001 }],
  ['salon_gbp_web', 'salon_gbp_api', 8000, { port: 41001 }],
  ['gateway-app-1', 'salon_gbp_web', 8000, { port: 41002 }],
  // No network in common.
  ['gateway-app-1', 'api', 8000, 'unknown-host'],
  ['salon_gbp_api', 'localhost', 8000, { port: 41001 }],
  ['salon_gbp_api', 'web', 80, 'refused'],
  // A container that does not run has no name.
  ['salon_gbp_api', 'db', 5432, 'unknown-host'],
  ['salon_gbp_db', 'localhost', 5432, 'refused'],
])('from %s to %s:%i', (self, host, port, where) => {
  expect(route(HOSTS, self, host, port)).toEqual(where);
});
