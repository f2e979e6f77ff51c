import type { ResponseValue } from './responses.js';

export type Verdict = 'correct' | 'partial' | 'incorrect' | 'unanswered' | 'awaiting-review';

/**
 * What decided a part, as a stable name a client can put in its own words:
 * - `match-correct`: the answer was compared with the key;
 * - `map-response`: each value was worth what the key says;
 * - `response-rules`: the item's own rules;
 * - `not-answered`: nothing was answered;
 * - `not-readable`: the answer was not of the declared type, or held too many values;
 * - `human-review`: a person scores it;
 * - `no-processing`: the item says nothing about scoring, so a person has to.
 */
export type DecidedBy =
  | 'match-correct'
  | 'map-response'
  | 'response-rules'
  | 'not-answered'
  | 'not-readable'
  | 'human-review'
  | 'no-processing';

/** How one answer of an item came out. */
export interface PartScore {
  responseId: string;
  given: ResponseValue;
  /** An answer that earns the most, or null when the item has none to show. */
  expected: ResponseValue;
  /** Null while a person has to look, and when the item scores its parts only together. */
  points: number | null;
  pointsPossible: number | null;
  verdict: Verdict;
  rule: DecidedBy;
}

export type OutcomeJson = string | number | boolean | (string | number | boolean)[] | null;

/** The score of one item, with what it takes to explain it to a learner or a teacher. */
export interface ItemScore {
  status: 'scored' | 'awaiting-review';
  /** Null while the item waits for a person; it is never 0 for want of a reader. */
  points: number | null;
  pointsPossible: number;
  outcomes: Record<string, OutcomeJson>;
  parts: PartScore[];
}
