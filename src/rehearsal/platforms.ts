import { compose } from './compose/stand-in.ts';
import { github } from './github/stand-in.ts';
import { host } from './host/stand-in.ts';
import { neon } from './neon/stand-in.ts';
import { render } from './render/stand-in.ts';
import type { StandInKind } from './stand-in.ts';

/** Every platform that a rehearsal can act out beside Fly, which is always there. */
export const PLATFORMS: readonly StandInKind[] = [compose, github, host, neon, render];
