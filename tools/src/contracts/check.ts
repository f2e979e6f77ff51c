import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS, topologyOf } from '@parlance/events';
import {
  type RegisteredVersion,
  readRegistry,
  type Registry,
  registryFaults,
  versionsOf,
} from '@parlance/events/contracts';
import { asyncApiDocument, asyncApiText } from './asyncapi.js';
import { registryHistory } from './history.js';
import { exportedEvents, serviceSources, wiringIn } from './read-wiring.js';
import { wiringFaults } from './wiring.js';

export interface CheckResult {
  faults: string[];
  notes: string[];
  /** What was looked at, for the last line. */
  counts: { events: number; versions: number; samples: number };
}

export const ASYNCAPI_FILE = join('docs', 'asyncapi', 'parlance.json');

/** Everything that can be wrong with the contracts of a source tree. Changes nothing. */
export function checkContracts(root: string): CheckResult {
  const registry = readRegistry();
  const history = registryHistory(root);
  const wiring = wiringIn(serviceSources(root), exportedEvents());
  const versions = [...versionsOf(registry).values()].flat();
  return {
    faults: [
      ...registryFaults(registry, EVENTS),
      ...history.faults,
      ...wiringFaults(EVENTS, wiring, topologyOf(EVENTS)),
      ...documentFaults(committedDocument(root), currentDocument(registry)),
    ],
    notes: history.notes,
    counts: {
      events: EVENTS.length,
      versions: versions.length,
      samples: versions.reduce((sum, { samples }) => sum + samples.length, 0),
    },
  };
}

export function documentFaults(committed: string | undefined, current: string): string[] {
  if (committed === current) return [];
  const what = committed === undefined ? 'does not exist' : 'is not what the code says';
  return [`${ASYNCAPI_FILE} ${what}: run npm run contracts -- asyncapi.`];
}

export function currentDocument(registry: Registry): string {
  const latest = new Map<string, RegisteredVersion>();
  for (const [type, versions] of versionsOf(registry)) {
    const last = versions.at(-1);
    if (last !== undefined) latest.set(type, last);
  }
  return asyncApiText(asyncApiDocument(EVENTS, topologyOf(EVENTS), latest));
}

function committedDocument(root: string): string | undefined {
  const file = join(root, ASYNCAPI_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
