import type { Violation, ViolationKind } from './check/violation.js';
import { VIOLATION_KINDS } from './check/violation.js';
import type { Injected } from './nemesis.js';

const MARKS = { held: 'held   ', broken: 'BROKEN ', skipped: 'skipped' };
const EXAMPLES = 8;

/** One fault: when, what, how often, and whether its own invariant held. */
export function faultLine({ name, startedAt, seconds, injected, outcome, saw }: Injected): string {
  const what = Object.entries(injected)
    .map(([fault, count]) => `${fault} ${count}`)
    .join(', ');
  const at = `${startedAt.slice(11, 19)} +${seconds.toFixed(0).padStart(2)} s`;
  return `${at}  ${name.padEnd(28)} ${MARKS[outcome]}  ${[what, saw].filter(Boolean).join('; ')}`;
}

export interface Result {
  faults: Injected[];
  /** Tries by the status of their answer; 0: none. */
  statuses: Map<number, number>;
  violations: Violation[];
  submissions: number;
  /** Undefined when everything came to rest in time. */
  unrest: string | undefined;
}

export function isGreen({ faults, violations, unrest }: Result): boolean {
  const survived = faults.every(({ outcome }) => outcome !== 'broken');
  return survived && violations.length === 0 && unrest === undefined;
}

/** The last word, its first line for machines and people alike. */
export function summary({ violations, submissions, unrest, faults, statuses }: Result): string {
  const count = (kind: ViolationKind) => violations.filter((one) => one.kind === kind).length;
  const [first, second] = [VIOLATION_KINDS.slice(0, 4), VIOLATION_KINDS.slice(4)].map((kinds) =>
    kinds.map((kind) => `${count(kind)} ${kind}`).join(', '),
  );
  const outcomes = (outcome: Injected['outcome']) =>
    faults.filter((one) => one.outcome === outcome).length;
  const skipped = outcomes('skipped') > 0 ? `, ${outcomes('skipped')} skipped` : '';
  return [
    `${first} over ${submissions} submissions`,
    `${second?.replace('trace', 'wrong traces').replace('letter', 'wrong letters').replace('sum', 'wrong sums')}; ` +
      `${outcomes('held')} faults held, ${outcomes('broken')} broken${skipped}`,
    `answers: ${[...statuses].map(([status, count]) => `${count} x ${status || 'none'}`).join(', ')}`,
    ...(unrest === undefined ? [] : [`It did not come to rest: ${unrest}`]),
  ].join('\n');
}

/** The first of each kind, and how to look at them. */
export function examples(violations: Violation[], folder: string, port: number): string {
  if (violations.length === 0) return '';
  const lines = VIOLATION_KINDS.flatMap((kind) =>
    violations
      .filter((one) => one.kind === kind)
      .slice(0, EXAMPLES)
      .map(({ invariant, about }) => `  ${kind.padEnd(9)} ${invariant}  ${about}`),
  );
  const { lookFor } = violations[0] as Violation;
  return [
    '',
    'The first of each kind:',
    ...lines,
    '',
    `Everything is kept in ${folder}. Look at one with`,
    `  npm start -- --data ${folder} --port ${port}`,
    `  npm run trace -- ${lookFor} --data ${folder}`,
    `What the clients did and were told is in ${folder}/history.jsonl.`,
  ].join('\n');
}
