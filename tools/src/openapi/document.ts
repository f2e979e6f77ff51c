import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../start/layout.js';

/** The committed description of the API. */
export const COMMITTED = join(ROOT, 'docs', 'openapi', 'parlance.json');

/** The description the gateway gives now, with its keys in one order. */
export async function currentDocument(gateway: string): Promise<string> {
  const response = await fetch(`${gateway}/api/openapi.json`);
  if (!response.ok) throw new Error(`The gateway answered ${response.status}.`);
  return `${JSON.stringify(sorted(await response.json()), null, 2)}\n`;
}

export function committedDocument(): string {
  return readFileSync(COMMITTED, 'utf8');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
