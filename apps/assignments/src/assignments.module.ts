import { Module, type ModuleMetadata } from '@nestjs/common';
import { systemClock } from '@parlance/kernel';
import { MAX_ANSWERS_BODY_BYTES, type ServiceDefinition } from '@parlance/platform';
import { Assignments } from './assignments.js';
import { AttemptForms } from './attempt-forms.js';
import { Attempts } from './attempts.js';
import { CLOCK } from './clock.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptStore } from './db/attempt.store.js';
import { assignmentsMigration } from './db/migrations/assignments.js';
import { ResponseStore } from './db/response.store.js';
import { RosterStore } from './db/roster.store.js';
import { TestStore } from './db/test.store.js';
import { TrackingStore } from './db/tracking.store.js';
import { OnClassChanged } from './events/on-class-changed.js';
import { OnEnrolmentChanged } from './events/on-enrolment-changed.js';
import { OnItemVersionPublished } from './events/on-item-version-published.js';
import { OnPersonChanged } from './events/on-person-changed.js';
import { OnTestVersionPublished } from './events/on-test-version-published.js';
import { AssignmentsController } from './http/assignments.controller.js';
import { AttemptsController } from './http/attempts.controller.js';
import { Rosters } from './rosters.js';
import { Submissions } from './submissions.js';
import { Tests } from './tests.js';

/** What the service is made of; apart from the module, so that a test can set the clock. */
export const assignmentsParts = {
  controllers: [
    AssignmentsController,
    AttemptsController,
    OnClassChanged,
    OnEnrolmentChanged,
    OnItemVersionPublished,
    OnPersonChanged,
    OnTestVersionPublished,
  ],
  providers: [
    { provide: CLOCK, useValue: systemClock },
    Assignments,
    AttemptForms,
    Attempts,
    Rosters,
    Submissions,
    Tests,
    AssignmentStore,
    AttemptStore,
    ResponseStore,
    RosterStore,
    TestStore,
    TrackingStore,
  ],
} satisfies ModuleMetadata;

@Module(assignmentsParts)
export class AssignmentsModule {}

export const assignments: ServiceDefinition = {
  name: 'assignments',
  title: 'Assignments, attempts and submissions',
  module: AssignmentsModule,
  migrations: [assignmentsMigration],
  largeBodies: [{ path: '/api/v1/attempts/:id/responses', maxBytes: MAX_ANSWERS_BODY_BYTES }],
  traceRecords: [
    {
      noun: 'assignment',
      sql: `SELECT id, class_id, status, version FROM assignment WHERE trace_id = $1`,
    },
    {
      noun: 'attempt',
      sql: `SELECT id, assignment_id, status, attempt_number, version, submitted_at, late
            FROM attempt WHERE trace_id = $1`,
    },
  ],
};
