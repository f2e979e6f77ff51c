import type { BodyNode } from './body.js';
import type { PartScoring } from './part-scoring.js';
import type { Rule } from './rules.js';

export const BASE_TYPES = [
  'identifier',
  'string',
  'integer',
  'float',
  'boolean',
  'pair',
  'directedPair',
  'point',
  'duration',
  'file',
  'uri',
  'intOrIdentifier',
] as const;

export type BaseType = (typeof BASE_TYPES)[number];
export type Cardinality = 'single' | 'multiple' | 'ordered' | 'record';

export interface MapEntry {
  key: string;
  value: number;
  /** Matters for strings only. */
  caseSensitive: boolean;
}

export interface Mapping {
  /** In document order: where several keys fit one value, the first decides. */
  entries: MapEntry[];
  /** What a value that no entry fits is worth. */
  defaultValue: number;
  lowerBound?: number;
  upperBound?: number;
}

export interface ResponseDeclaration {
  identifier: string;
  cardinality: Cardinality;
  baseType: BaseType;
  /** The key, one text per value; a pair is two identifiers and a space between. */
  correct?: string[];
  mapping?: Mapping;
  areaMapping?: AreaMapping;
}

/** QTI's shapes, in pixels: `rect` x1 y1 x2 y2, `circle` x y radius, `poly` x1 y1 x2 y2 ... */
export type AreaShape = 'default' | 'rect' | 'circle' | 'ellipse' | 'poly';

/** What points on a picture are worth; each area counts once, however many points hit it. */
export interface AreaMapping {
  entries: { shape: AreaShape; coords: number[]; value: number }[];
  defaultValue: number;
  lowerBound?: number;
  upperBound?: number;
}

/** Turns a number into another value: by exact match, or by the first entry not above it. */
export type LookupTable =
  | { kind: 'match'; entries: { source: number; target: string }[]; defaultValue?: string }
  | {
      kind: 'interpolation';
      /** Highest source first. */
      entries: { source: number; target: string; includeBoundary: boolean }[];
      defaultValue?: string;
    };

export interface OutcomeDeclaration {
  identifier: string;
  cardinality: Cardinality;
  baseType: BaseType;
  defaultValue?: string[];
  lookupTable?: LookupTable;
}

export type Processing =
  | {
      kind: 'template';
      name: 'match_correct' | 'map_response' | 'map_response_point';
      responseId: string;
    }
  /** Each part says itself how it is scored; the item is worth their sum. */
  | { kind: 'parts' }
  | { kind: 'rules'; rules: Rule[] }
  | { kind: 'none' };

export interface ChoiceFeedback {
  /** As it is answered: the id of a choice, or of two with a space between. */
  choice: string;
  text: string;
}

/** One scored part of an item: the answer to one interaction. */
export interface PartSpec {
  responseId: string;
  /** What the part alone is worth; null when the item only gives points for parts together. */
  pointsPossible: number | null;
  /** A person reads this part, whatever key the item may hold for it. */
  humanScored: boolean;
  /** Most values an answer may hold; an answer with more of them is not scored. */
  maxValues?: number;
  /** Required when processing is by parts, and ignored otherwise. */
  scoring?: PartScoring;
  /** What the author says to whoever chooses it; where processing is by parts. */
  choiceFeedback?: ChoiceFeedback[];
}

/** Most tries of one item, whatever it says itself. */
export const MAX_TRIES = 20;

/** How an item is tried more than once while the learner is at work. */
export interface TrySettings {
  /** Most tries, 2..MAX_TRIES. */
  max: number;
  /** Whether the learner is told after each try what it earned. */
  showPoints: boolean;
}

/** What an author says while an outcome holds an identifier, or while it does not (`hide`). */
export interface ItemFeedback {
  outcomeIdentifier: string;
  identifier: string;
  showHide: 'show' | 'hide';
  content: BodyNode[];
}

/**
 * Everything that is needed to score an item, and nothing that is needed to show it. It holds the
 * key: it must never be sent to anything a learner's client can reach.
 */
export interface ScoringSpec {
  schema: 1;
  identifier: string;
  responses: ResponseDeclaration[];
  outcomes: OutcomeDeclaration[];
  processing: Processing;
  /** The item says that a person or another system scores it. */
  externalScored: boolean;
  /** QTI's adaptive items: outcomes carry over from one try to the next. */
  adaptive?: boolean;
  /** Left out: the item is answered once, and nothing is said before it is handed in. */
  tries?: TrySettings;
  /** Shown after a try, by the outcomes it left; an item that is answered once has none. */
  feedback?: ItemFeedback[];
  /** What is said in the recording of the item; it may give the answers away. */
  transcript?: string;
  pointsPossible: number;
  parts: PartSpec[];
}
