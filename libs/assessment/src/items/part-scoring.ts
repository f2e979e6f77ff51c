/**
 * How one part of an item is scored where the item is scored part by part: everything English
 * teaching needs that QTI's response processing cannot say. The key of every kind but `human` is
 * the `correct` of the response's declaration, so that every reader of a scoring specification
 * finds a key in one place; a typed part accepts more than that one answer.
 */
export type PartScoring =
  | CorrectScoring
  | ChoicesScoring
  | PairsScoring
  | OrderScoring
  | TypedScoring
  | DictationScoring
  | HumanScoring;

/** All or nothing against the declared key. */
export interface CorrectScoring {
  kind: 'correct';
}

/**
 * Several choices with partial credit. `per-correct` is max(0, (hits - wrong) / correct), and
 * `per-option` max(0, hits / correct - wrong / incorrect).
 */
export interface ChoicesScoring {
  kind: 'choices';
  model: 'per-correct' | 'per-option';
  /** How many choices the item offers. */
  optionCount: number;
}

/** Each pair of the key is worth the same; a wrong pair takes away `penalty` of such a share. */
export interface PairsScoring {
  kind: 'pairs';
  /** 0..1. */
  penalty: number;
}

/** Models of Moodle's ordering question; `exact` gives all or nothing. */
export const ORDER_MODELS = [
  'exact',
  'absolute',
  'next-excluding-last',
  'next-including-last',
  'one-previous-and-next',
  'all-previous-and-next',
  'longest-ordered',
  'relative-to-correct',
] as const;
export type OrderModel = (typeof ORDER_MODELS)[number];

/** Words or sentences in order. With several accepted orders the best counts. */
export interface OrderScoring {
  kind: 'order';
  model: OrderModel;
  /** Other orders that are just as right as the declared key. */
  alternatives: string[][];
  /** Choices that look alike, such as a word that is there twice: either may stand for the other. */
  interchangeable: string[][];
  /** 0..1: what the model's share is multiplied by for an order that is not exactly right. */
  partialCap: number;
}

/** An answer that is typed, compared as a reader would and not letter by letter. */
export interface TypedScoring {
  kind: 'typed';
  /** Variant grammar: `(do not|don't) [really] like`. */
  accepted: { pattern: string; /** 0..1 of the part's points. */ share: number }[];
  /** Wrong answers that deserve a word of their own; they come before any tolerance. */
  rejected: { pattern: string; feedback: string }[];
  ignoreCase: boolean;
  ignoreFinalPunctuation: boolean;
  /** `any` takes British and American spelling alike; else a spelling of the other counts wrong. */
  spelling: 'any' | 'en-GB' | 'en-US';
  /** Whether `don't` stands for `do not` and the other way round. */
  contractions: boolean;
  typos: {
    /** Whether a slip in a word that is no other word is taken, with a note. */
    accept: boolean;
    /** 0..1 of the points for an answer with an accepted slip. */
    share: number;
    /** Forms that must not pass as a slip, beyond those the engine knows: `works` for `work`. */
    contrasts: string[];
  };
}

/** What was heard, written down: 1 - word error rate, never below 0. */
export interface DictationScoring {
  kind: 'dictation';
  text: string;
  ignoreCase: boolean;
  ignorePunctuation: boolean;
  spelling: 'any' | 'en-GB' | 'en-US';
}

/** A person marks it, by a rubric if there is one. */
export interface HumanScoring {
  kind: 'human';
  rubric?: Rubric;
  /** The learner answers nothing here, so an empty answer waits for the teacher's points too. */
  onPaper?: boolean;
}

export interface Rubric {
  title: string;
  criteria: RubricCriterion[];
  /** The sum of the criteria is held within these. */
  minPoints: number;
  maxPoints: number;
}

export interface RubricCriterion {
  id: string;
  title: string;
  levels: RubricLevel[];
}

export interface RubricLevel {
  id: string;
  title: string;
  description: string;
  points: number;
}
