import { type Id, sumPoints } from '@parlance/kernel';
import type { AttemptScore } from './attempt-score.js';
import {
  currentItems,
  pointsWithoutReview,
  type ReviewNeed,
  reviewsOf,
  scoreAnswer,
  type ScoredItem,
  type StoredSpec,
} from './score-attempt.js';
import { partKey, settledMarks, type TaskMark } from './settled-marks.js';

export type RescorePass = 'apply' | 'revert';

/** What one pass of a campaign does. */
export interface Rescoring {
  campaignId: Id;
  pass: RescorePass;
  /** The faulty version and the corrected one, whatever the pass. */
  fromVersionId: Id;
  toVersionId: Id;
  neverLower: boolean;
}

/**
 * How an attempt came out:
 * - `rescored`: it has a new score version, with other points or not;
 * - `kept`: it would have lost points, and the campaign never lowers;
 * - `marked`: a person has marked the slot, and what they marked is no longer asked for;
 * - `unscorable`: the version to score with is unknown, or scoring threw.
 */
export type RescoreOutcome = 'rescored' | 'kept' | 'marked' | 'unscorable';

export interface RescoredAttempt {
  outcome: RescoreOutcome;
  /** The score as it is to be; the same as before unless rescored. */
  score: AttemptScore;
  /** Slots as the new run has them. */
  items: ScoredItem[];
  /** What people now have to mark, and what nobody has to any more. */
  added: ReviewNeed[];
  withdrawn: { slot: number; responseId: string | null }[];
}

/**
 * Scores the slots of an attempt again that a pass is about; null when it has none. Slots of
 * others, marks of people and the override stay what they are. What somebody changed after the
 * campaign is not reverted: such a slot is no longer scored with the campaign's version.
 */
export function rescoreAttempt(
  score: AttemptScore,
  runs: readonly (readonly ScoredItem[])[],
  tasks: readonly TaskMark[],
  specs: ReadonlyMap<Id, StoredSpec>,
  rescoring: Rescoring,
): RescoredAttempt | null {
  const slots = currentItems(runs).filter((item) => isConcerned(item, rescoring));
  if (slots.length === 0) return null;
  const result: RescoredAttempt = {
    outcome: 'rescored',
    score,
    items: [],
    added: [],
    withdrawn: [],
  };
  let outcome: RescoreOutcome = 'rescored';
  for (const before of slots) {
    const own = tasks.filter(({ slot, status }) => slot === before.slot && status !== 'withdrawn');
    const after = scoredAgain(before, runs, specs, rescoring);
    const slotOutcome = decide(before, after, own, rescoring);
    if (slotOutcome !== 'rescored' || after === null) outcome = slotOutcome;
    else takeIn(result, before, after, own);
  }
  if (result.items.length === 0) return { ...result, outcome };
  return { ...result, score: nextScore(score, slots, result, tasks) };
}

function isConcerned(item: ScoredItem, rescoring: Rescoring): boolean {
  const { campaignId, pass, fromVersionId, toVersionId } = rescoring;
  const scoredWith = item.scoredWith ?? item.itemVersionId;
  if (pass === 'apply') return scoredWith === fromVersionId;
  if (scoredWith !== toVersionId) return false;
  // Not through a campaign: handed in after the correction, and scored with it at once.
  const direct = item.rescoredBy === undefined && item.itemVersionId !== toVersionId;
  return item.rescoredBy === campaignId || direct;
}

/** The slot as the pass makes it; null when that cannot be. */
function scoredAgain(
  before: ScoredItem,
  runs: readonly (readonly ScoredItem[])[],
  specs: ReadonlyMap<Id, StoredSpec>,
  rescoring: Rescoring,
): ScoredItem | null {
  const { campaignId, pass, fromVersionId, toVersionId } = rescoring;
  if (pass === 'revert') {
    const superseded = runs.flat().filter(({ slot }) => slot === before.slot);
    const earlier = superseded.reverse().find(({ rescoredBy }) => rescoredBy !== campaignId);
    if (before.rescoredBy === campaignId && earlier !== undefined) return earlier;
  }
  const version = pass === 'apply' ? toVersionId : fromVersionId;
  const spec = specs.get(version);
  if (spec === undefined) return null;
  const { slot, itemVersionId, responses, tries } = before;
  const answer = { slot, itemVersionId, scoredWith: version, responses, ...(tries && { tries }) };
  const { item, fault } = scoreAnswer(answer, spec);
  if (fault !== null) return null;
  return pass === 'apply' ? { ...item, rescoredBy: campaignId } : item;
}

function decide(
  before: ScoredItem,
  after: ScoredItem | null,
  tasks: readonly TaskMark[],
  { neverLower, pass }: Rescoring,
): RescoreOutcome {
  if (after === null) return 'unscorable';
  const hasMark = tasks.some(({ points }) => points !== null);
  if (hasMark && !isSameAsked(before, after)) return 'marked';
  const isLower = pointsWithoutReview(after) < pointsWithoutReview(before);
  return neverLower && pass === 'apply' && isLower ? 'kept' : 'rescored';
}

function isSameAsked(before: ScoredItem, after: ScoredItem): boolean {
  const keys = (item: ScoredItem) => reviewsOf(item).map(partKey).sort().join();
  return keys(before) === keys(after);
}

function takeIn(
  result: RescoredAttempt,
  before: ScoredItem,
  after: ScoredItem,
  tasks: readonly TaskMark[],
): void {
  result.items.push(after);
  const needs = reviewsOf(after);
  const asked = new Set(needs.map(partKey));
  const known = new Set(tasks.map(partKey));
  result.added.push(...needs.filter((need) => !known.has(partKey(need))));
  const gone = reviewsOf(before).filter((need) => !asked.has(partKey(need)));
  result.withdrawn.push(...gone.map(({ slot, responseId }) => ({ slot, responseId })));
}

function nextScore(
  score: AttemptScore,
  slots: readonly ScoredItem[],
  { items, added, withdrawn }: RescoredAttempt,
  tasks: readonly TaskMark[],
): AttemptScore {
  const changed = new Set(items.map(({ slot }) => slot));
  const old = slots.filter(({ slot }) => changed.has(slot));
  const autoPoints = sumPoints([
    score.autoPoints,
    ...old.map((item) => -pointsWithoutReview(item)),
    ...items.map(pointsWithoutReview),
  ]);
  const pointsPossible = sumPoints([
    score.pointsPossible,
    ...old.map((item) => -item.pointsPossible),
    ...items.map((item) => item.pointsPossible),
  ]);
  const gone = new Set(withdrawn.map(partKey));
  const settled = settledMarks(tasks.filter((task) => !gone.has(partKey(task))));
  return {
    ...score,
    version: score.version + 1,
    status: settled.open + added.length > 0 ? 'provisional' : 'final',
    autoPoints,
    computedPoints: sumPoints([autoPoints, settled.points]),
    pointsPossible,
  };
}
