import { AssignmentPublished } from './assignments/assignment-published.v1.js';
import { AttemptReopened } from './assignments/attempt-reopened.v1.js';
import { AttemptSubmitted } from './assignments/attempt-submitted.v1.js';
import { ItemTried } from './assignments/item-tried.v1.js';
import { ItemVersionCorrected } from './content/item-version-corrected.v1.js';
import { ItemVersionPublished } from './content/item-version-published.v1.js';
import { ScoringSpecPublished } from './content/scoring-spec-published.v1.js';
import { TestVersionPublished } from './content/test-version-published.v1.js';
import type { EventDefinition } from './define.js';
import { AttemptScored } from './grading/attempt-scored.v2.js';
import { AttemptsRescored } from './grading/attempts-rescored.v1.js';
import { TryScored } from './grading/try-scored.v1.js';
import { CellChanged } from './gradebook/cell-changed.v1.js';
import { ClassChanged } from './identity/class-changed.v1.js';
import { EnrolmentChanged } from './identity/enrolment-changed.v1.js';
import { LtiIdentityLinked } from './identity/lti-identity-linked.v1.js';
import { PersonChanged } from './identity/person-changed.v1.js';

/** Every event of the platform: topics, queues and filters are derived from this list. */
export const EVENTS: readonly EventDefinition[] = [
  PersonChanged,
  ClassChanged,
  EnrolmentChanged,
  LtiIdentityLinked,
  ItemVersionPublished,
  ItemVersionCorrected,
  ScoringSpecPublished,
  TestVersionPublished,
  AssignmentPublished,
  AttemptSubmitted,
  AttemptReopened,
  ItemTried,
  AttemptScored,
  AttemptsRescored,
  TryScored,
  CellChanged,
] as readonly unknown[] as readonly EventDefinition[];

const byType = new Map(EVENTS.map((event) => [event.type as string, event]));

export function eventOfType(type: string): EventDefinition | undefined {
  return byType.get(type);
}
