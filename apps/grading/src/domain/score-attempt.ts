import type {
  DecidedBy,
  ItemScore,
  PartNote,
  PartTrace,
  Responses,
  ResponseValue,
  ScoringSpec,
  Verdict,
} from '@parlance/assessment';
import { scoreItem } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import { sumPoints } from '@parlance/kernel';

/** The scoring of one item version, as it was published. */
export interface StoredSpec {
  spec: ScoringSpec;
  pointsPossible: number;
}

export interface AnsweredItem {
  slot: number;
  /** What the learner was given. */
  itemVersionId: Id;
  /** The item version to score with, when it is another. */
  scoredWith?: Id;
  responses: Responses;
  /** Tries before these answers, first one first. */
  tries?: Responses[];
}

/** How one answer came out, with what explains it. */
export interface ScoredPart {
  responseId: string;
  /** Null while a person has to look, and when the item scores its parts only together. */
  points: number | null;
  pointsPossible: number | null;
  verdict: Verdict;
  rule: DecidedBy;
  expected: ResponseValue;
  notes?: PartNote[];
  /** What the author says to this wrong answer. */
  feedback?: string;
  /** What the author says to what was chosen. */
  choiceFeedback?: { choice: string; text: string }[];
  /** How the points came about; it gives the key away. */
  trace?: PartTrace;
}

/** How one item came out, with the answers as they were handed in: kept for good. */
export interface ScoredItem extends AnsweredItem {
  /** Null while it waits for a person. */
  points: number | null;
  pointsPossible: number;
  /** What a person has to mark: some parts each on its own, or the item as a whole. */
  waitsFor: 'nobody' | 'parts' | 'item';
  /** Of an item that was tried before: how many tries counted, the last one being shown. */
  triesCounted?: number;
  /** The campaign that made this run of the slot, if it was one. */
  rescoredBy?: Id;
  parts: ScoredPart[];
}

/** Something a person has to mark; without a response id it is the whole item. */
export interface ReviewNeed {
  slot: number;
  /** Null: done on paper. */
  itemVersionId: Id | null;
  responseId: string | null;
  pointsPossible: number;
}

export interface ScoredAttempt {
  items: ScoredItem[];
  reviews: ReviewNeed[];
  /** Points that need no person. */
  autoPoints: number;
  pointsPossible: number;
  /** Slots whose scoring threw, with the name of what was thrown: our bug, marked by a person. */
  faults: { slot: number; fault: string }[];
}

/**
 * Scores every item of an attempt. An item whose scoring throws costs nobody the attempt: it goes
 * to a person like an essay does.
 */
export function scoreAttempt(
  answers: readonly AnsweredItem[],
  specs: ReadonlyMap<Id, StoredSpec>,
): ScoredAttempt {
  const faults: ScoredAttempt['faults'] = [];
  const items = answers.map((answer): ScoredItem => {
    const id = answer.scoredWith ?? answer.itemVersionId;
    const stored = specs.get(id);
    if (stored === undefined) throw new Error(`No scoring of item version ${id}.`);
    const { item, fault } = scoreAnswer(answer, stored);
    if (fault !== null) faults.push({ slot: answer.slot, fault });
    return item;
  });
  return {
    items,
    reviews: items.flatMap(reviewsOf),
    autoPoints: sumPoints(items.map(pointsWithoutReview)),
    pointsPossible: sumPoints(items.map((item) => item.pointsPossible)),
    faults,
  };
}

/** One item; when its scoring throws, with the name of what was thrown, for a person to mark. */
export function scoreAnswer(
  answer: AnsweredItem,
  stored: StoredSpec,
): { item: ScoredItem; fault: string | null } {
  try {
    const { responses, tries = [] } = answer;
    return { item: scoredItem(answer, scoreItem(stored.spec, responses, { tries })), fault: null };
  } catch (error) {
    const fault = error instanceof Error ? error.name : typeof error;
    return { item: unscorableItem(answer, stored.pointsPossible), fault };
  }
}

/** The items as they stand after several scoring runs, by slot: the latest run decides a slot. */
export function currentItems(runs: readonly (readonly ScoredItem[])[]): ScoredItem[] {
  const bySlot = new Map<number, ScoredItem>();
  for (const items of runs) for (const item of items) bySlot.set(item.slot, item);
  return [...bySlot.values()].sort((a, b) => a.slot - b.slot);
}

/** The answers that the score of an item is about: those of the last try that counted. */
export function countedResponses({ responses, tries = [], triesCounted }: ScoredItem): Responses {
  return (triesCounted === undefined ? undefined : tries[triesCounted - 1]) ?? responses;
}

function scoredItem(answer: AnsweredItem, score: ItemScore): ScoredItem {
  const { pointsPossible, points, triesCounted } = score;
  // All but `given`, which is kept as it was handed in.
  const parts = score.parts.map(({ given: _, ...part }): ScoredPart => part);
  const item = {
    ...{ ...answer, points, pointsPossible, waitsFor: 'nobody' as const, parts },
    ...(answer.tries !== undefined && triesCounted !== undefined && { triesCounted }),
  };
  return score.status === 'scored' ? item : waiting(item);
}

/**
 * Parts are marked one by one only where their points make up the item's; else a mark could not
 * be added to anything, and a person marks the item as a whole. A part that was left empty earns
 * nothing and bothers nobody; one that could not be read is for a person to look at.
 */
function waiting(item: ScoredItem): ScoredItem {
  const isOnly = item.parts.length === 1;
  const parts = item.parts.map((part): ScoredPart => {
    const pointsPossible = isOnly ? item.pointsPossible : part.pointsPossible;
    if (part.rule === 'not-answered') return { ...part, pointsPossible, points: 0 };
    if (part.rule === 'not-readable') {
      return { ...part, pointsPossible, points: null, verdict: 'awaiting-review' };
    }
    return { ...part, pointsPossible };
  });
  const addsUp =
    parts.every((part) => part.pointsPossible !== null) &&
    parts.every((part) => part.points !== null || part.verdict === 'awaiting-review') &&
    sumPoints(parts.map((part) => part.pointsPossible ?? 0)) === item.pointsPossible;
  const isEmpty = parts.length > 0 && parts.every((part) => part.rule === 'not-answered');
  if (isEmpty) return { ...item, points: 0, parts };
  if (!addsUp) return { ...item, waitsFor: 'item', parts: parts.map(unmarked) };
  const isDone = parts.every((part) => part.points !== null);
  if (!isDone) return { ...item, waitsFor: 'parts', parts };
  return { ...item, points: sumPoints(parts.map((part) => part.points ?? 0)), parts };
}

function unscorableItem(answer: AnsweredItem, pointsPossible: number): ScoredItem {
  const parts = Object.keys(answer.responses).map((responseId): ScoredPart => ({
    responseId,
    points: null,
    pointsPossible: null,
    verdict: 'awaiting-review',
    rule: 'human-review',
    expected: null,
  }));
  return { ...answer, points: null, pointsPossible, waitsFor: 'item', parts };
}

function unmarked(part: ScoredPart): ScoredPart {
  return { ...part, points: null, verdict: 'awaiting-review' };
}

export function reviewsOf(item: ScoredItem): ReviewNeed[] {
  const { slot, itemVersionId, pointsPossible } = item;
  if (item.waitsFor === 'nobody') return [];
  if (item.waitsFor === 'item') return [{ slot, itemVersionId, responseId: null, pointsPossible }];
  return item.parts
    .filter((part) => part.points === null)
    .map((part) => ({
      slot,
      itemVersionId,
      responseId: part.responseId,
      pointsPossible: part.pointsPossible ?? 0,
    }));
}

/** What an item gives before any person has looked. */
export function pointsWithoutReview(item: ScoredItem): number {
  if (item.waitsFor === 'nobody') return item.points ?? 0;
  if (item.waitsFor === 'item') return 0;
  return sumPoints(item.parts.map((part) => part.points ?? 0));
}
