import type { BodyNode } from './body.js';

/** One thing a learner can pick. A `fixed` choice keeps its place when the others are shuffled. */
export interface Choice {
  id: string;
  fixed: boolean;
  content: BodyNode[];
}

export interface ChoiceInteraction {
  kind: 'choice';
  responseId: string;
  cardinality: 'single' | 'multiple';
  shuffle: boolean;
  /** Fewest choices for a complete answer; fewer can still be saved. */
  minChoices: number;
  /** Most choices an answer may hold; 0 is no limit. */
  maxChoices: number;
  prompt?: BodyNode[];
  choices: Choice[];
}

export interface InlineChoiceInteraction {
  kind: 'inline-choice';
  responseId: string;
  shuffle: boolean;
  choices: Choice[];
}

export interface TextEntryInteraction {
  kind: 'text-entry';
  responseId: string;
  baseType: 'string' | 'integer' | 'float';
  /** A hint for the width of the field, in characters; not a limit. */
  expectedLength?: number;
}

export interface ExtendedTextInteraction {
  kind: 'extended-text';
  responseId: string;
  prompt?: BodyNode[];
  /** A hint for the learner, in words; not a limit. */
  expectedWords?: number;
}

export type Interaction =
  ChoiceInteraction | InlineChoiceInteraction | TextEntryInteraction | ExtendedTextInteraction;

/**
 * An item as a learner may see it. It holds neither the key nor any rule of scoring, so it can be
 * sent to a browser, cached and logged; everything that scores is in the `ScoringSpec`.
 */
export interface ItemDelivery {
  schema: 1;
  identifier: string;
  title: string;
  /** BCP 47, as the item declares it. */
  language?: string;
  body: BodyNode[];
  interactions: Interaction[];
}
