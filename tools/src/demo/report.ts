import type { Conclusion } from './conclude.js';
import type { Outcome } from './scenario.js';

const SHOWN_ROWS = 25;

/** What the demo prints at the end, for a person. */
export function report(outcome: Outcome, { figures, forms }: Conclusion): string {
  const names = new Map(outcome.taken.map((one) => [one.learnerId, one.candidate.name]));
  const rows = outcome.rows
    .filter((row) => names.has(row.learnerId))
    .slice(0, SHOWN_ROWS)
    .map((row) => {
      const cell = row.cells.find((one) => one.assignmentId === outcome.assignmentId);
      const note = cell?.overridden === true ? 'overridden' : '';
      const points = `${row.total.points} / ${row.total.pointsPossible}`.padStart(12);
      const percent = `${row.total.currentPercent ?? '-'} %`.padStart(9);
      return `  ${row.displayName.padEnd(24)}${points}${percent}  ${note}`;
    });
  const more = outcome.rows.length - rows.length;
  const { totals, ageMs } = figures;
  return [
    '',
    'Gradebook of the class',
    ...rows,
    ...(more > 0 ? [`  ... and ${more} more`] : []),
    '',
    `  ${totals.n} totals: mean ${totals.mean}, sd ${totals.sd}, from ${totals.min} to ${totals.max}`,
    `  forms of ${forms.items} items (${forms.perSection} per section), ${forms.orders} different orders`,
    `  ${outcome.reviewed} essays marked, ${outcome.overridden === undefined ? 0 : 1} score overridden`,
    '',
    'What the LMS received',
    ...figures.lms.map((one) => `  ${one.userId}  ${one.scoreGiven} / ${one.scoreMaximum}`),
    '',
    `${figures.submissions} submissions, ${figures.submissionsPerSecond} a second; ` +
      `from submission to gradebook p50 ${ageMs.p50} ms, p99 ${ageMs.p99} ms; ` +
      `${figures.deadLetters} dead letters`,
    '',
  ].join('\n');
}
