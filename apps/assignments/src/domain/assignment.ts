import { type Id, Refusal } from '@parlance/kernel';
import type { Window } from './window.js';

export type AssignmentStatus = 'draft' | 'published' | 'withdrawn';

export interface Assignment extends Window {
  id: Id;
  classId: Id;
  testId: Id;
  /** Pinned by the first publication, so that every learner gets the same version. */
  testVersionId: Id | null;
  title: string;
  /** Category of the gradebook it counts in. */
  category: string;
  /** IANA zone in which the teacher thinks of the instants. */
  timeZone: string;
  maxAttempts: number;
  /** Of the pinned test version. */
  pointsPossible: number | null;
  status: AssignmentStatus;
  version: number;
  createdAt: Date;
}

/** What a teacher may change after creation; an absent field stays as it is. */
export type AssignmentChange = Partial<
  Pick<
    Assignment,
    'title' | 'category' | 'opensAt' | 'dueAt' | 'closesAt' | 'timeZone' | 'maxAttempts'
  >
>;

/** The assignment after a change; one that is published is always open from some instant on. */
export function changed(assignment: Assignment, change: AssignmentChange, now: Date): Assignment {
  const next = { ...assignment, ...change, version: assignment.version + 1 };
  if (next.status === 'published') next.opensAt ??= now;
  return next;
}

export interface PinnedTest {
  testVersionId: Id;
  pointsPossible: number;
}

/** Published with this test version, open at once unless the teacher said when. */
export function published(assignment: Assignment, test: PinnedTest, now: Date): Assignment {
  return {
    ...assignment,
    testVersionId: test.testVersionId,
    pointsPossible: test.pointsPossible,
    opensAt: assignment.opensAt ?? now,
    status: 'published',
    version: assignment.version + 1,
  };
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
