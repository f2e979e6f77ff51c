import type { ItemDelivery, Responses, TryFeedback } from '@parlance/assessment';
import { type Id, Refusal } from '@parlance/kernel';

/** One handing-in of an item while its attempt is in progress; never changed. */
export interface Try {
  id: Id;
  slot: number;
  /** Of the slot, from 1. */
  number: number;
  /** Of the slot's answers, as the client counts them; a save has one of the same count. */
  sequence: number;
  responses: Responses;
  triedAt: Date;
}

/** What grading said to a try. */
export interface TryResult {
  completed: boolean;
  /** Of the tries so far; a try after the one that completed the item does not count. */
  triesCounted: number;
  feedback: TryFeedback[];
  /** Null: the author does not show points before the attempt is handed in. */
  points: number | null;
  pointsPossible: number | null;
  scoredAt: Date;
}

/** A try with its result, once that has come. */
export interface ScoredTry extends Try {
  result: TryResult | null;
}

/** Most tries of the item; a refusal when it is answered once. */
export function maxTriesOf({ tries }: ItemDelivery): number {
  if (tries !== undefined) return tries;
  const detail = 'This item is answered once; what is saved is handed in with the attempt.';
  throw new Refusal('conflict', 'item-answered-once', detail);
}

/**
 * The try that these answers are: the next one, or the last one when they only repeat it, as a
 * retry under another key does. Answers older than the last try have been overtaken by it.
 */
export function tryNumberOf(
  made: readonly ScoredTry[],
  given: Pick<Try, 'sequence' | 'responses'>,
  maxTries: number,
): { number: number; isRepeated: boolean } {
  const last = made.at(-1);
  if (last !== undefined && given.sequence <= last.sequence) {
    const isSame = textOf(given.responses) === textOf(last.responses);
    if (isSame && given.sequence === last.sequence) {
      return { number: last.number, isRepeated: true };
    }
    const detail = `Try ${last.number} of this item was made with newer answers.`;
    throw new Refusal('conflict', 'try-out-of-order', detail);
  }
  if (isCompleted(made)) {
    const detail = 'This item is completed; another try would not count.';
    throw new Refusal('conflict', 'item-completed', detail);
  }
  if (triesLeft(made, maxTries) > 0) return { number: made.length + 1, isRepeated: false };
  const detail = `This item can be tried ${maxTries} times, and it was.`;
  throw new Refusal('conflict', 'no-tries-left', detail);
}

/** As far as results have come: a try that completed the item may not have been scored yet. */
export function triesLeft(made: readonly ScoredTry[], maxTries: number): number {
  return isCompleted(made) ? 0 : Math.max(0, maxTries - made.length);
}

/**
 * What is handed in of an item: its last answer, and the tries before it. What was saved after the
 * last try was not tried, but it was answered: it counts as one try more, as long as there is one
 * left. Nothing of it is shown that a try of it would have shown.
 */
export function handedIn(
  saved: Pick<Try, 'sequence' | 'responses'> | undefined,
  made: readonly Try[],
  maxTries: number,
): { responses: Responses | undefined; tries: Responses[] } {
  const all = made.map(({ responses }) => responses);
  const last = made.at(-1);
  if (last === undefined) return { responses: saved?.responses, tries: [] };
  const isNewer = saved !== undefined && saved.sequence > last.sequence;
  if (isNewer && made.length < maxTries) return { responses: saved.responses, tries: all };
  return { responses: last.responses, tries: all.slice(0, -1) };
}

/** Equal for equal answers, in whatever order the database gives them back. */
function textOf(responses: Responses): string {
  return JSON.stringify(Object.entries(responses).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isCompleted(made: readonly ScoredTry[]): boolean {
  return made.some(({ result }) => result?.completed === true);
}
