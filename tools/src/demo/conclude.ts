import type { Exam } from './exam.js';
import { percentile, type Totals, totalsOf } from './figures.js';
import type { Cell, Row } from './gradebook.js';
import type { DeliveredScore } from './lms.js';
import type { Outcome } from './scenario.js';

/** What `--json` writes. */
export interface DemoFigures {
  submissions: number;
  scored: number;
  cells: number;
  deadLetters: number;
  totals: Totals;
  items: { imported: number; refused: number };
  ageMs: { p50: number; p99: number };
  submissionsPerSecond: number;
  traceId: string;
  requestId: string;
  lms: DeliveredScore[];
}

export interface Conclusion {
  figures: DemoFigures;
  /** What is not as it must be; empty when all is well. */
  faults: string[];
  forms: { items: number; perSection: string; orders: number };
}

/** Holds what the platform says against what the answers given must lead to. */
export function conclude(exam: Exam, outcome: Outcome): Conclusion {
  const { taken, rows, launched } = outcome;
  const byLearner = new Map(rows.map((row) => [row.learnerId, row]));
  const cells = taken.flatMap(({ learnerId }) => cellsOf(byLearner.get(learnerId), outcome));
  const totals = taken.map(({ learnerId }) => byLearner.get(learnerId)?.total.points ?? Number.NaN);
  const ages = cells.flatMap((cell) => {
    const [from, to] = [Date.parse(cell.submittedAt ?? ''), Date.parse(cell.firstScoredAt ?? '')];
    return Number.isNaN(to - from) ? [] : [to - from];
  });
  const figures: DemoFigures = {
    submissions: taken.length,
    scored: cells.filter((cell) => cell.points !== null).length,
    cells: cells.length,
    deadLetters: outcome.deadLetters,
    totals: totalsOf(totals),
    items: outcome.items,
    ageMs: { p50: percentile(ages, 0.5), p99: percentile(ages, 0.99) },
    submissionsPerSecond: Math.round((taken.length / outcome.scoringSeconds) * 10) / 10,
    traceId: launched.requestId,
    requestId: launched.requestId,
    lms: outcome.lms,
  };
  return { figures, faults: faultsOf(exam, outcome, byLearner), forms: formsOf(outcome) };
}

function cellsOf(row: Row | undefined, outcome: Outcome): Cell[] {
  return (row?.cells ?? []).filter(
    (cell) => cell.assignmentId === outcome.assignmentId && cell.status !== 'ungraded',
  );
}

function faultsOf(exam: Exam, outcome: Outcome, byLearner: Map<string, Row>): string[] {
  const faults: string[] = [];
  for (const { candidate, learnerId } of outcome.taken) {
    const row = byLearner.get(learnerId);
    const [cell, ...more] = cellsOf(row, outcome);
    if (cell === undefined || more.length > 0) {
      faults.push(`${candidate.name} has ${more.length + (cell ? 1 : 0)} cells instead of one.`);
      continue;
    }
    if (cell.status !== 'graded') faults.push(`${candidate.name}'s cell is ${cell.status}.`);
    if (candidate.expected !== undefined && row?.total.points !== candidate.expected) {
      faults.push(
        `${candidate.name} has ${row?.total.points} points instead of ${candidate.expected}.`,
      );
    }
    if (
      candidate.knows === 'everything' &&
      cell.points !== cell.pointsPossible &&
      !exam.hasEssays
    ) {
      faults.push(
        `${candidate.name} gave every key and has ${cell.points} of ${cell.pointsPossible}.`,
      );
    }
    if (candidate.knows === 'nothing' && cell.points !== 0 && !cell.overridden && !exam.hasEssays) {
      faults.push(`${candidate.name} answered nothing and has ${cell.points}.`);
    }
  }
  if (outcome.deadLetters > 0) faults.push(`There are ${outcome.deadLetters} dead letters.`);
  return [...faults, ...lmsFaults(outcome, byLearner)];
}

function lmsFaults(
  { lms, launched, assignmentId }: Outcome,
  byLearner: Map<string, Row>,
): string[] {
  const cell = byLearner
    .get(launched.learnerId)
    ?.cells.find((one) => one.assignmentId === assignmentId);
  const last = lms.at(-1);
  if (last === undefined) return ['The LMS received no score.'];
  const matches = cell !== undefined && last.scoreGiven === cell.points;
  return matches ? [] : [`The LMS has ${last.scoreGiven}, the gradebook ${cell?.points}.`];
}

function formsOf({ taken }: Outcome): Conclusion['forms'] {
  const sizes = new Set(
    taken.map(({ sections }) => sections.map((one) => one.items.length).join('+')),
  );
  const orders = new Set(
    taken.map(({ sections }) =>
      sections.flatMap(({ items }) => items.map((item) => item.identifier)).join(),
    ),
  );
  const items = taken[0]?.sections.reduce((sum, section) => sum + section.items.length, 0) ?? 0;
  return { items, perSection: [...sizes].join(' or '), orders: orders.size };
}
