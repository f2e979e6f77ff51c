import { type MarkRound } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import { DEFAULT_RELEASE, type ReleaseRules } from './release.js';
import type { ReviewNeed } from './score-attempt.js';

/** What a teacher chose for one slot; what is left out is as for the whole assignment. */
export interface SlotSettings {
  slot: number;
  /** Points two marks may be apart; null: one mark is enough. */
  doubleThreshold?: number | null;
  rubricVersionId?: Id;
}

/** How an assignment is marked and shown. */
export interface MarkingSettings {
  version: number;
  /** Markers learn neither who wrote nor which attempt it was, until its score is final. */
  anonymous: boolean;
  doubleThreshold: number | null;
  slots: SlotSettings[];
  release: ReleaseRules;
}

/** As long as nobody chose anything: one mark, names shown, results at once. */
export const DEFAULT_SETTINGS: MarkingSettings = {
  version: 0,
  anonymous: false,
  doubleThreshold: null,
  slots: [],
  release: DEFAULT_RELEASE,
};

/** What grading knows of an assignment. */
export interface AssignmentFacts {
  classId: Id | null;
  dueAt: Date | null;
  closesAt: Date | null;
  settings: MarkingSettings;
}

export const UNKNOWN_ASSIGNMENT: AssignmentFacts = {
  classId: null,
  dueAt: null,
  closesAt: null,
  settings: DEFAULT_SETTINGS,
};

export interface NewTask extends ReviewNeed {
  round: MarkRound;
  doubleThreshold: number | null;
}

export function thresholdOf(settings: MarkingSettings, slot: number): number | null {
  const own = settings.slots.find((one) => one.slot === slot)?.doubleThreshold;
  return own === undefined ? settings.doubleThreshold : own;
}

export function rubricOf(settings: MarkingSettings, slot: number): Id | null {
  return settings.slots.find((one) => one.slot === slot)?.rubricVersionId ?? null;
}

/** The tasks of what people have to mark: two for what is marked twice. */
export function tasksOf(needs: readonly ReviewNeed[], settings: MarkingSettings): NewTask[] {
  return needs.flatMap((need): NewTask[] => {
    const doubleThreshold = thresholdOf(settings, need.slot);
    const first: NewTask = { ...need, round: 1, doubleThreshold };
    return doubleThreshold === null ? [first] : [first, { ...first, round: 2 }];
  });
}
