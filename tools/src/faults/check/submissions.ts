import type { Operation } from '../load/history.js';
import type { AttemptFact, CellFact, Facts, ScoreFact } from './facts.js';
import { type Violation, violation } from './violation.js';

/**
 * I1: every accepted submission has exactly one final score and one entry in the gradebook, equal
 * in points and version; what was refused has none.
 */
export function checkSubmissions(facts: Facts): Violation[] {
  const attempts = new Map(facts.attempts.map((one) => [one.attemptId, one]));
  const scores = new Map(facts.scores.map((one) => [one.attemptId, one]));
  const cells = new Map(facts.cells.flatMap((cell) => entriesOf(cell)));
  const byAttempt = Map.groupBy(
    facts.operations.filter(({ attemptId }) => attemptId !== ''),
    ({ attemptId }) => attemptId,
  );
  const found: Violation[] = [];
  for (const [attemptId, operations] of byAttempt) {
    const attempt = attempts.get(attemptId);
    if (attempt === undefined) {
      found.push(
        violation('lost', 'I1', attemptId, `attempt ${attemptId} was started and is gone`),
      );
      continue;
    }
    found.push(...answeredWrong(attempt, operations));
    if (attempt.status !== 'submitted') continue;
    const expected = operations.find(({ by, kind }) => kind === 'submit' && by === 'owner');
    const score = scores.get(attemptId);
    found.push(...scoredWrong(attemptId, expected?.expectedPoints, score));
    if (score) found.push(...enteredWrong(score, cells.get(attemptId)));
  }
  for (const { attemptId, status } of facts.attempts) {
    if (status === 'submitted' && !byAttempt.has(attemptId)) {
      found.push(violation('phantom', 'I1', attemptId, `nobody handed in attempt ${attemptId}`));
    }
  }
  return found;
}

function entriesOf(cell: CellFact): [string, { scoreVersion: number; points: number }][] {
  return Object.entries(cell.attempts);
}

/** What the clients were told against what the attempt says. */
function answeredWrong(attempt: AttemptFact, operations: Operation[]): Violation[] {
  const { attemptId, submissionKey } = attempt;
  const submits = operations.filter(({ kind }) => kind === 'submit');
  const accepted = submits.filter(({ outcome }) => outcome === 'ok');
  const found: Violation[] = [];
  const is = (kind: 'lost' | 'phantom' | 'duplicate', about: string) =>
    found.push(violation(kind, 'I1', attemptId, `attempt ${attemptId} ${about}`));
  if (accepted.length > 1) is('duplicate', `was accepted ${accepted.length} times`);
  if (attempt.status !== 'submitted') {
    if (accepted.length > 0) is('lost', 'was accepted and is not submitted');
    return found;
  }
  const may = submits.filter(({ by, outcome }) => by === 'owner' && outcome !== 'fail');
  if (may.length === 0) is('phantom', 'is submitted though every submission was refused');
  else if (!may.some(({ key }) => key === submissionKey)) {
    is('phantom', 'was submitted with a key of nobody');
  }
  const denied = may.find(({ key, tries }) => key === submissionKey && isRefused(tries.at(-1)));
  if (denied) is('lost', 'was submitted, and a retry with its key was refused');
  return found;
}

function isRefused(last: Operation['tries'][number] | undefined): boolean {
  return last?.outcome === 'fail';
}

function scoredWrong(
  attemptId: string,
  expected: number | undefined,
  score: ScoreFact | undefined,
): Violation[] {
  if (score === undefined) {
    return [violation('lost', 'I1', attemptId, `attempt ${attemptId} was never scored`)];
  }
  const found: Violation[] = [];
  const scored = score.versions.filter(({ cause }) => cause === 'scored').length;
  if (scored > 1) {
    const about = `attempt ${attemptId} was scored ${scored} times`;
    found.push(violation('duplicate', 'I1', attemptId, about));
  }
  if (score.status !== 'final') {
    const about = `the score of attempt ${attemptId} is ${score.status}`;
    found.push(violation('lost', 'I1', attemptId, about));
  }
  if (expected !== undefined && score.points !== expected) {
    const about = `attempt ${attemptId} has ${score.points} points instead of ${expected}`;
    found.push(violation('lost', 'I1', attemptId, about));
  }
  return found;
}

function enteredWrong(
  score: ScoreFact,
  entry: { scoreVersion: number; points: number } | undefined,
): Violation[] {
  const { attemptId, version, points } = score;
  if (entry === undefined) {
    return [violation('lost', 'I1', attemptId, `attempt ${attemptId} is not in the gradebook`)];
  }
  if (entry.scoreVersion === version && entry.points === points) return [];
  const about =
    `the gradebook has version ${entry.scoreVersion} with ${entry.points} points of attempt ` +
    `${attemptId}, grading version ${version} with ${points}`;
  return [violation('overtaken', 'I1', attemptId, about)];
}
