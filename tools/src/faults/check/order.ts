import type { CellFact, Facts } from './facts.js';
import { type Violation, violation } from './violation.js';

/** I3: of each aggregate the newest committed version is applied, and histories never go back. */
export function checkOrder(facts: Facts): Violation[] {
  const newest = new Map<string, number>();
  for (const { type, subject, version } of facts.events) {
    const key = `${type} ${subject}`;
    newest.set(key, Math.max(newest.get(key) ?? 0, version));
  }
  return [
    ...facts.projections.flatMap(({ service, consumer, type, subject, version }) => {
      const last = newest.get(`${type} ${subject}`);
      const what = `${service}'s ${consumer} has version ${version} of ${type} ${subject}`;
      return last === undefined ? [] : versionFault(what, subject, version, last);
    }),
    ...facts.scores.flatMap(({ attemptId, version }) => {
      const last = newest.get(`grading.attempt-scored.v2 ${attemptId}`) ?? 0;
      const what = `the score of attempt ${attemptId} has version ${version}`;
      return versionFault(what, attemptId, version, last);
    }),
    ...facts.cells.flatMap((cell) => [
      ...versionFault(
        `cell ${cell.cellId} has version ${cell.version}`,
        cell.cellId,
        cell.version,
        newest.get(`gradebook.cell-changed.v1 ${cell.cellId}`) ?? 0,
      ),
      ...historyFaults(cell),
    ]),
    ...knownFaults(facts),
  ];
}

function versionFault(what: string, lookFor: string, version: number, last: number): Violation[] {
  if (version === last) return [];
  const kind = version < last ? 'overtaken' : 'phantom';
  return [violation(kind, 'I3', lookFor, `${what}; ${last} was committed last`)];
}

/** Versions of a history are 1, 2, 3 and so on, and the last one is what the cell shows. */
function historyFaults({ cellId, version, points, attemptId, history }: CellFact): Violation[] {
  const versions = history.map((row) => row.version);
  const expected = Array.from({ length: version }, (_, index) => index + 1);
  if (versions.join() !== expected.join()) {
    const kind = new Set(versions).size < versions.length ? 'duplicate' : 'overtaken';
    const about = `the history of cell ${cellId} goes ${versions.join(', ')} and not to ${version}`;
    return [violation(kind, 'I3', cellId, about)];
  }
  const last = history.at(-1);
  if (last && last.points === points && last.attemptId === attemptId) return [];
  const about = `cell ${cellId} shows ${points} points, its history ${last?.points}`;
  return [violation('overtaken', 'I3', cellId, about)];
}

function knownFaults({ cells, knownCells }: Facts): Violation[] {
  const known = new Map(knownCells.map((cell) => [cell.cellId, cell]));
  return cells.flatMap((cell) => {
    const there = known.get(cell.cellId);
    if (there === undefined) {
      return [violation('lost', 'I3', cell.cellId, `lti does not know cell ${cell.cellId}`)];
    }
    if (there.version === cell.version && there.points === cell.points) return [];
    const about =
      `lti has version ${there.version} with ${there.points} points of cell ${cell.cellId}, ` +
      `the gradebook version ${cell.version} with ${cell.points}`;
    return [violation('overtaken', 'I3', cell.cellId, about)];
  });
}
