import type { ScoreStatus } from './attempt-score.js';

/** What a learner may see of a score, each on its own: points; answers with verdicts; comments. */
export const RELEASED_PARTS = ['score', 'answers', 'feedback'] as const;
export type ReleasedPart = (typeof RELEASED_PARTS)[number];

export const RELEASE_POLICIES = [
  'immediately',
  'after-due',
  'after-close',
  'when-final',
  'manual',
] as const;
export type ReleasePolicy = (typeof RELEASE_POLICIES)[number];

export interface ReleaseRule {
  policy: ReleasePolicy;
  /** What a teacher said since; it goes above the policy. Null: the policy decides. */
  decision: 'released' | 'withheld' | null;
}

export type ReleaseRules = Record<ReleasedPart, ReleaseRule>;

const AT_ONCE: ReleaseRule = { policy: 'immediately', decision: null };

/** As long as nobody chose anything else: everything at once. */
export const DEFAULT_RELEASE: ReleaseRules = {
  score: AT_ONCE,
  answers: AT_ONCE,
  feedback: AT_ONCE,
};

/** What the policies of an attempt look at. */
export interface ReleaseFacts {
  status: ScoreStatus;
  /** Of the assignment; null: it has none, or grading has not heard of it. */
  dueAt: Date | null;
  closesAt: Date | null;
  /** Of this learner, when it was extended. */
  ownDueAt: Date | null;
}

export interface Release {
  released: boolean;
  /** From when it is, when that is known and still to come. */
  releasesAt: Date | null;
}

/**
 * Whether a learner may see it at `now`. `after-due` is after the later of the assignment's and
 * the learner's own due date; without a due date it is after the close, and without that nothing
 * is released until a teacher says so.
 */
export function releaseOf(rule: ReleaseRule, facts: ReleaseFacts, now: Date): Release {
  if (rule.decision !== null) return settled(rule.decision === 'released');
  switch (rule.policy) {
    case 'immediately':
      return settled(true);
    case 'when-final':
      return settled(facts.status === 'final');
    case 'manual':
      return settled(false);
    case 'after-close':
      return from(facts.closesAt, now);
    case 'after-due':
      return from(latest(facts.dueAt, facts.ownDueAt) ?? facts.closesAt, now);
  }
}

/** Whether the learner may see each part at `now`. */
export function visibleParts(
  rules: ReleaseRules,
  facts: ReleaseFacts,
  now: Date,
): Record<ReleasedPart, boolean> {
  const is = (part: ReleasedPart) => releaseOf(rules[part], facts, now).released;
  return { score: is('score'), answers: is('answers'), feedback: is('feedback') };
}

function settled(released: boolean): Release {
  return { released, releasesAt: null };
}

function from(at: Date | null, now: Date): Release {
  if (at === null) return settled(false);
  return at <= now ? settled(true) : { released: false, releasesAt: at };
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
