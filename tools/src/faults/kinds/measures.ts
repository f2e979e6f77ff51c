import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from '../../demo/figures.js';
import type { Arena } from '../arena/arena.js';
import type { MessagingService } from '../arena/databases.js';
import type { FaultContext } from './fault.js';

export const now = () => new Date().toISOString();

/** Milliseconds from submission to score of what was handed in between two instants. */
export async function scoringAges(
  { databases }: Arena,
  from: string,
  to: string,
  institutionId?: string,
): Promise<{ count: number; p50: number; p99: number }> {
  const rows = await databases.rows<{ age: number }>(
    'grading',
    `SELECT (extract(epoch FROM first_scored_at - submitted_at) * 1000)::float8 AS age
       FROM attempt_score
      WHERE submitted_at >= $1::timestamptz AND submitted_at < $2::timestamptz
        AND ($3::uuid IS NULL OR institution_id = $3::uuid)`,
    [from, to, institutionId ?? null],
  );
  const ages = rows.map(({ age }) => Math.round(age));
  return { count: ages.length, p50: percentile(ages, 0.5), p99: percentile(ages, 0.99) };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** How often a service has logged something so far. */
export function logged({ layout }: Arena, service: string, text: string): number {
  const file = join(layout.folder, 'logs', `${service}.log`);
  return existsSync(file) ? readFileSync(file, 'utf8').split(text).length - 1 : 0;
}

/** What one service's proxy saw and did. */
export function journalOf({ arena }: FaultContext, service: MessagingService) {
  return arena.sqs[service].journal();
}

/** Faults injected since `before`, an earlier answer of `arena.injected()`. */
export function since(arena: Arena, before: Record<string, number>): Record<string, number> {
  const entries = Object.entries(arena.injected()).map(
    ([name, count]) => [name, count - (before[name] ?? 0)] as const,
  );
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

/** Submissions accepted since an instant. */
export function accepted({ history }: FaultContext, from: string): number {
  return history.since(from).filter(({ kind, outcome }) => kind === 'submit' && outcome === 'ok')
    .length;
}

/** Deadlocks PostgreSQL has resolved in the databases of these services. */
export function deadlocks({ databases }: Arena, services: string[]): Promise<number> {
  const names = services.map((service) => `parlance_${service}`);
  return databases.count(
    'postgres',
    `SELECT sum(deadlocks) AS count FROM pg_stat_database WHERE datname = ANY($1)`,
    [names],
  );
}
