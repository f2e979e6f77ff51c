import type { BodyNode } from './body.js';
import type { MediaRef } from './media.js';

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
  /** Fewer or more words can be handed in; the learner and the marker are told. */
  minWords?: number;
  maxWords?: number;
}

/** Words or sentences to be put in order; the answer lists the identifiers, first to last. */
export interface OrderInteraction {
  kind: 'order';
  responseId: string;
  /** The choices as they stand tell nothing of the order, or are shuffled for each learner. */
  shuffle: boolean;
  minChoices: number;
  /** 0: every choice has to be placed. */
  maxChoices: number;
  /** Words of a sentence stand in a line, steps and paragraphs one below another. */
  layout: 'words' | 'list';
  prompt?: BodyNode[];
  choices: Choice[];
}

/** A choice that can be paired; `matchMax` says with how many others, 0 being no limit. */
export interface AssociableChoice extends Choice {
  matchMax: number;
  matchMin?: number;
}

/**
 * Sources paired with targets; the answer is a list of "source target". A matrix, a matching of
 * two columns and a sorting into categories are this, shown differently.
 */
export interface MatchInteraction {
  kind: 'match';
  responseId: string;
  shuffle: boolean;
  minAssociations: number;
  /** 0 is no limit. */
  maxAssociations: number;
  layout: 'matrix' | 'columns' | 'categories';
  prompt?: BodyNode[];
  sources: AssociableChoice[];
  targets: AssociableChoice[];
}

/** Choices paired with each other in no direction; the answer is a list of "one other". */
export interface AssociateInteraction {
  kind: 'associate';
  responseId: string;
  shuffle: boolean;
  minAssociations: number;
  maxAssociations: number;
  prompt?: BodyNode[];
  choices: AssociableChoice[];
}

/** Words of a bank put into the gaps of a text; the answer is a list of "choice gap". */
export interface GapMatchInteraction {
  kind: 'gap-match';
  responseId: string;
  shuffle: boolean;
  minAssociations: number;
  maxAssociations: number;
  prompt?: BodyNode[];
  choices: AssociableChoice[];
  gaps: { id: string; required: boolean }[];
  /** Holds a `gap` node for each of the gaps. */
  content: BodyNode[];
}

/** Words picked in a text; the answer lists the identifiers of the `hottext` nodes. */
export interface HottextInteraction {
  kind: 'hottext';
  responseId: string;
  minChoices: number;
  /** 0 is no limit. */
  maxChoices: number;
  prompt?: BodyNode[];
  choices: { id: string }[];
  /** Holds a `hottext` node for each of the choices. */
  content: BodyNode[];
}

/** Points picked on a picture; the answer lists them as "x y", in pixels from the top left. */
export interface SelectPointInteraction {
  kind: 'select-point';
  responseId: string;
  minChoices: number;
  maxChoices: number;
  prompt?: BodyNode[];
  image: MediaRef & { width: number; height: number };
}

/** A number picked on a scale. */
export interface SliderInteraction {
  kind: 'slider';
  responseId: string;
  baseType: 'integer' | 'float';
  lowerBound: number;
  upperBound: number;
  step: number;
  prompt?: BodyNode[];
}

/** Something to listen to or watch; the server counts the plays and refuses one too many. */
export interface MediaInteraction {
  kind: 'media';
  responseId: string;
  media: MediaRef;
  minPlays: number;
  /** 0 is no limit. */
  maxPlays: number;
  prompt?: BodyNode[];
}

/** Speech recorded by the learner; the answer is the identifier of a finished upload. */
export interface RecordingInteraction {
  kind: 'recording';
  responseId: string;
  minSeconds: number;
  maxSeconds: number;
  maxBytes: number;
  /** How often the learner may record anew; 0 is no limit. */
  maxTakes: number;
  prompt?: BodyNode[];
}

/** A file handed in; the answer is the identifier of a finished upload. */
export interface UploadInteraction {
  kind: 'upload';
  responseId: string;
  mediaTypes: string[];
  maxBytes: number;
  prompt?: BodyNode[];
}

/** Done on paper or in class: the learner answers nothing here, a teacher enters the points. */
export interface PaperInteraction {
  kind: 'paper';
  responseId: string;
  prompt?: BodyNode[];
}

export type Interaction =
  | ChoiceInteraction
  | InlineChoiceInteraction
  | TextEntryInteraction
  | ExtendedTextInteraction
  | OrderInteraction
  | MatchInteraction
  | AssociateInteraction
  | GapMatchInteraction
  | HottextInteraction
  | SelectPointInteraction
  | SliderInteraction
  | MediaInteraction
  | RecordingInteraction
  | UploadInteraction
  | PaperInteraction;

/** A passage, recording or picture that several items ask about; equal ids are shown once. */
export interface Stimulus {
  /** SHA-256 of its content, lower-case hexadecimal. */
  id: string;
  title: string;
  body: BodyNode[];
}

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
  stimulus?: Stimulus;
  body: BodyNode[];
  interactions: Interaction[];
  /** Most tries while the learner is at work; left out, the item is answered once. */
  tries?: number;
}
