import type { QtiVersion } from './version.js';

/**
 * What an item means that does not say, by the version of QTI it is written in. The standard's
 * versions differ, and so do engines; what is written here is what import does, and where it could
 * change a score the item says so in its losses.
 */
export interface ImportPolicy {
  /** Whether a map entry that does not say so honours case. */
  mapEntryCaseSensitive: boolean;
  /** Most choices of a choice interaction that does not say; 0 is no limit. */
  maxChoices: number;
  /** Most choices of hottext and most points of select-point. */
  maxPicks: number;
  /** Most pairs of match and associate. */
  maxAssociations: number;
  /** Most pairs of gap-match: its gaps limit them anyway. */
  maxGapMatches: number;
}

export const IMPORT_POLICY: Record<QtiVersion, ImportPolicy> = {
  // 2.1: the schema gives map entries no default and engines took true; no limit on choices.
  '2.1': {
    mapEntryCaseSensitive: true,
    maxChoices: 0,
    maxPicks: 1,
    maxAssociations: 1,
    maxGapMatches: 0,
  },
  // 2.2: the schema says false, and 1.
  '2.2': {
    mapEntryCaseSensitive: false,
    maxChoices: 1,
    maxPicks: 1,
    maxAssociations: 1,
    maxGapMatches: 0,
  },
  // 3.0: its schema says what 2.2's does, false and 1.
  '3.0': {
    mapEntryCaseSensitive: false,
    maxChoices: 1,
    maxPicks: 1,
    maxAssociations: 1,
    maxGapMatches: 0,
  },
};

/**
 * Whether a limit that is left out is raised to what the key needs, with a loss. A limit that is
 * written out is meant: an item whose key is beyond it contradicts itself and is refused.
 */
export const RAISES_OMITTED_LIMITS = true;

/** Written texts, recordings and files wait for a person, whatever key an item holds for them. */
export const SCORED_BY_A_PERSON: ReadonlySet<string> = new Set([
  'extended-text',
  'recording',
  'upload',
  'paper',
]);
