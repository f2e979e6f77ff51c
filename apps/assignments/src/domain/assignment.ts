import type { GradePolicy, WallTime } from '@parlance/assessment';
import { type Id, Refusal } from '@parlance/kernel';
import type { Audience } from './audience.js';
import { type GivenSchedule, rescheduled, type Schedule } from './schedule.js';

export type AssignmentStatus = 'draft' | 'published' | 'withdrawn';

/**
 * self: learners work when they like within the window. live: all see what the teacher has come
 * to. in-class, paper: done elsewhere; a teacher says who has, and grading takes the points.
 */
export const MODES = ['self', 'live', 'in-class', 'paper'] as const;
export type Mode = (typeof MODES)[number];

export interface Assignment extends Schedule, Audience {
  id: Id;
  classId: Id;
  testId: Id;
  /** Pinned by the first publication, so that every learner gets the same version. */
  testVersionId: Id | null;
  title: string;
  /** Category of the gradebook it counts in. */
  category: string;
  maxAttempts: number;
  mode: Mode;
  /** The last slot that a live class has come to; 0 before it has begun. */
  liveSlot: number;
  /** 0 and null: the usual policy, as long as the teacher has set none. */
  policyVersion: number;
  policy: GradePolicy | null;
  /** When a draft publishes itself, as a wall time in the zone and as it falls. */
  publishLocal: WallTime | null;
  publishAt: Date | null;
  /** Of the pinned test version. */
  pointsPossible: number | null;
  status: AssignmentStatus;
  version: number;
  createdAt: Date;
}

/** What a teacher may change after creation; an absent field stays as it is. */
export type AssignmentChange = Partial<
  Pick<Assignment, 'title' | 'category' | 'maxAttempts' | 'mode'> & Audience
> & { schedule?: GivenSchedule };

/** The assignment after a change; one that is published is always open from some instant on. */
export function changed(assignment: Assignment, change: AssignmentChange, now: Date): Assignment {
  const { schedule = {}, ...fields } = change;
  if (fields.mode !== undefined && fields.mode !== assignment.mode) requireDraft(assignment);
  const next = { ...rescheduled(assignment, schedule), ...fields };
  return openFromNow({ ...assignment, ...next, version: assignment.version + 1 }, now);
}

export interface PinnedTest {
  testVersionId: Id;
  pointsPossible: number;
}

/** Published with this test version, open at once unless the teacher said when. */
export function published(assignment: Assignment, test: PinnedTest, now: Date): Assignment {
  const next: Assignment = {
    ...assignment,
    testVersionId: test.testVersionId,
    pointsPossible: test.pointsPossible,
    status: 'published',
    publishLocal: null,
    publishAt: null,
    version: assignment.version + 1,
  };
  return openFromNow(next, now);
}

function openFromNow(assignment: Assignment, now: Date): Assignment {
  if (assignment.status !== 'published' || assignment.opensAt !== null) return assignment;
  return { ...assignment, ...rescheduled(assignment, { opens: { at: now } }) };
}

function requireDraft({ status }: Assignment): void {
  if (status === 'draft') return;
  const detail = 'How an assignment is done cannot change once learners have it.';
  throw new Refusal('conflict', 'assignment-published', detail);
}

export function withdrawn(assignment: Assignment): Assignment {
  if (assignment.status === 'draft') {
    const detail = 'This assignment was never published; there is nothing to withdraw.';
    throw new Refusal('conflict', 'assignment-not-published', detail);
  }
  return { ...assignment, status: 'withdrawn', version: assignment.version + 1 };
}

/** The test, or an item of it, has not reached this service: it may be here in a moment. */
export function testNotAvailable(): Refusal {
  const detail = 'There is no such test here yet. If it was just published, try again shortly.';
  return new Refusal('conflict', 'test-not-available', detail, [], 2);
}
