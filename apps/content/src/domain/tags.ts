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
