import type { OrderModel } from '../items/part-scoring.js';
import type { TypedNote } from '../text/typed-matcher.js';
import type { ResponseValue } from './responses.js';

export type Verdict = 'correct' | 'partial' | 'incorrect' | 'unanswered' | 'awaiting-review';

/**
 * What decided a part, as a stable name a client can put in its own words:
 * - `match-correct`: the answer was compared with the key;
 * - `map-response`: each value was worth what the key says;
 * - `map-response-point`: each area that was hit was worth what the key says;
 * - `response-rules`: the item's own rules;
 * - `counted-choices`, `counted-pairs`: right and wrong ones were counted;
 * - `compared-order`: the order was compared with the accepted one it is nearest to;
 * - `accepted-pattern`, `accepted-slip`: the answer is one that is accepted, or is but for a slip;
 * - `rejected-pattern`: it is a wrong answer the author has foreseen;
 * - `no-pattern`: it is none of those;
 * - `aligned-words`: its words were compared with what was said;
 * - `not-answered`: nothing was answered;
 * - `not-readable`: the answer was not of the declared type, or held too many values;
 * - `human-review`: a person scores it;
 * - `no-processing`: the item says nothing about scoring, so a person has to;
 * - `no-key`: the item compares with a key it does not have, so a person has to;
 * - `too-complex`: the item's rules ask for more work than the engine gives, so a person has to.
 */
export type DecidedBy =
  | 'match-correct'
  | 'map-response'
  | 'map-response-point'
  | 'response-rules'
  | 'counted-choices'
  | 'counted-pairs'
  | 'compared-order'
  | 'accepted-pattern'
  | 'accepted-slip'
  | 'rejected-pattern'
  | 'no-pattern'
  | 'aligned-words'
  | 'not-answered'
  | 'not-readable'
  | 'human-review'
  | 'no-processing'
  | 'no-key'
  | 'too-complex';

/** What was noticed about an answer that was taken all the same. */
export type PartNote = TypedNote;

/** One word of a dictation: as it was said, as it was written, and what is between them. */
export type AlignedWord =
  | { kind: 'same' | 'spelling-variety' | 'substitution'; said: string; written: string }
  | { kind: 'deletion'; said: string }
  | { kind: 'insertion'; written: string };

/** How the points of a part came about, step by step. */
export type PartTrace =
  /** Right and wrong values of the answer, and how many the key has. */
  | { kind: 'counted'; hits: number; wrong: number; of: number }
  /** The accepted order the answer was measured against. */
  | { kind: 'order'; model: OrderModel; nearest: string[] }
  /** The author's pattern that decided, and the answer of it that was meant. */
  | { kind: 'typed'; pattern: string; variant: string }
  /** Empty for an answer too long to be compared. */
  | { kind: 'dictation'; words: AlignedWord[] };

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
  /** For the learner as much as for the teacher. */
  notes?: PartNote[];
  /** What the author says to this wrong answer; for the learner as much as for the teacher. */
  feedback?: string;
  /** What the author says to what was chosen, right or wrong; for the learner too. */
  choiceFeedback?: { choice: string; text: string }[];
  /** It gives the key away, as `expected` and `rule` do: only for those who may see the key. */
  trace?: PartTrace;
}

export type OutcomeJson = string | number | boolean | (string | number | boolean)[] | null;

/** One time the rules of an item set its SCORE. It tells of the rules: teachers alone may see it. */
export interface ScoreStep {
  /** JSON pointer of the rule within the item's rules: `/2/branches/0/rules/1`. */
  at: string;
  /** What SCORE was then; null when it became NULL. */
  points: number | null;
}

/** The score of one item, with what it takes to explain it to a learner or a teacher. */
export interface ItemScore {
  status: 'scored' | 'awaiting-review';
  /** Null while the item waits for a person; it is never 0 for want of a reader. */
  points: number | null;
  pointsPossible: number;
  outcomes: Record<string, OutcomeJson>;
  parts: PartScore[];
  /** How the rules came to SCORE, for an item with rules of its own; the last one decided. */
  steps?: ScoreStep[];
  /** What random expressions drew from, when there were any: the same seed gives this score. */
  seed?: string;
  /** Of an item with tries: how many count, the last one being the one that is shown. */
  triesCounted?: number;
  /** Of an item with tries: whether the last one that counts leaves nothing to try. */
  completed?: boolean;
}
