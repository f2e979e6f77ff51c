import { storableText } from '@parlance/kernel';

/** Levels of the Common European Framework of Reference, Companion Volume 2020. */
export const CEFR_LEVELS = ['pre-A1', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;

export type CefrLevel = (typeof CEFR_LEVELS)[number];

export const SKILLS = [
  'listening',
  'reading',
  'writing',
  'speaking',
  'grammar',
  'vocabulary',
] as const;

export type Skill = (typeof SKILLS)[number];

/** How an activity is done: alone, in a live session, in class, or on paper. */
export const ACTIVITY_MODES = ['self', 'live', 'in-class', 'paper'] as const;

export type ActivityMode = (typeof ACTIVITY_MODES)[number];

/** Each skill once, in the order above, so that equal sets are stored alike. */
export function skillSet(skills: readonly Skill[]): Skill[] {
  return SKILLS.filter((skill) => skills.includes(skill));
}

export const TAG_KINDS = ['topic', 'can-do'] as const;

export type TagKind = (typeof TAG_KINDS)[number];

/** Longest topic or can-do statement, in UTF-16 code units. */
export const MAX_WORDING = 200;

/** Most topics, and most can-do statements, of one item. */
export const MAX_WORDINGS = 20;

/**
 * Topics or can-do statements as they are kept: compatibility forms and case folded and white space
 * closed up, so that what reads the same is one tag; each once, in alphabetical order. What has
 * nothing to read is left out.
 */
export function wordingSet(texts: readonly string[]): string[] {
  const wordings = texts.map((text) =>
    storableText(text).normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim(),
  );
  const seen = new Set(wordings.filter((wording) => /[^\p{C}\p{Z}]/u.test(wording)));
  return [...seen].sort((one, other) => (one < other ? -1 : 1));
}

export const SERIES_STATUSES = ['live', 'archived'] as const;

export type SeriesStatus = (typeof SERIES_STATUSES)[number];

/** Each level once, from the lowest, so that equal sets are stored alike. */
export function levelSet(levels: readonly CefrLevel[]): CefrLevel[] {
  return CEFR_LEVELS.filter((level) => levels.includes(level));
}
