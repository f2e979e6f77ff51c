import { Module, type ModuleMetadata } from '@nestjs/common';
import { systemClock } from '@parlance/kernel';
import {
  MAX_ANSWERS_BODY_BYTES,
  objectStoreProvider,
  type ServiceDefinition,
} from '@parlance/platform';
import { Announcements } from './announcements.js';
import { Arrangements } from './arrangements.js';
import { Assignments } from './assignments.js';
import { AttemptForms } from './attempt-forms.js';
import { Attempts } from './attempts.js';
import { CLOCK } from './clock.js';
import { ArrangementStore } from './db/arrangement.store.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptStore } from './db/attempt.store.js';
import { DeadlineStore } from './db/deadline.store.js';
import { GroupStore } from './db/group.store.js';
import { assignmentLife } from './db/migrations/assignment-life.js';
import { assignmentsMigration } from './db/migrations/assignments.js';
import { itemTries } from './db/migrations/item-tries.js';
import { PlayStore } from './db/play.store.js';
import { PolicyStore } from './db/policy.store.js';
import { ResponseStore } from './db/response.store.js';
import { RosterStore } from './db/roster.store.js';
import { TemplateStore } from './db/template.store.js';
import { TestStore } from './db/test.store.js';
import { TrackingStore } from './db/tracking.store.js';
import { TryStore } from './db/try.store.js';
import { UploadStore } from './db/upload.store.js';
import { WindowStore } from './db/window.store.js';
import { OnClassChanged } from './events/on-class-changed.js';
import { OnEnrolmentChanged } from './events/on-enrolment-changed.js';
import { OnItemVersionPublished } from './events/on-item-version-published.js';
import { OnPersonChanged } from './events/on-person-changed.js';
import { OnTestVersionPublished } from './events/on-test-version-published.js';
import { OnTryScored } from './events/on-try-scored.js';
import { Groups } from './groups.js';
import { HandIns } from './hand-ins.js';
import {
  AccommodationsController,
  ArrangementsController,
} from './http/arrangements.controller.js';
import { AssignmentsController } from './http/assignments.controller.js';
import { AttemptsController } from './http/attempts.controller.js';
import { GroupsController } from './http/groups.controller.js';
import { AttemptMediaController } from './http/attempt-media.controller.js';
import { OfflineController, OfflineKeysController } from './http/offline.controller.js';
import { AttemptMedia } from './attempt-media.js';
import { OfflineStore } from './db/offline.store.js';
import { Offline } from './offline.js';
import { OfflineKeys } from './offline-keys.js';
import { Uploads } from './uploads.js';
import { CopiesController, TemplatesController } from './http/templates.controller.js';
import { TriesController } from './http/tries.controller.js';
import { InClass } from './in-class.js';
import { LateJoiners } from './late-joiners.js';
import { Publications } from './publications.js';
import { Reopenings } from './reopenings.js';
import { Rosters } from './rosters.js';
import { Submissions } from './submissions.js';
import { SweepTimer } from './sweep-timer.js';
import { Sweeper } from './sweeper.js';
import { Templates } from './templates.js';
import { Tests } from './tests.js';
import { Tracking } from './tracking.js';
import { Tries } from './tries.js';
import { UploadAnswers } from './upload-answers.js';
import { Windows } from './windows.js';
import { Writers } from './writers.js';

/** What the service is made of; apart from the module, so that a test can set the clock. */
export const assignmentsParts = {
  controllers: [
    AccommodationsController,
    ArrangementsController,
    AssignmentsController,
    AttemptMediaController,
    AttemptsController,
    CopiesController,
    GroupsController,
    OfflineController,
    OfflineKeysController,
    TemplatesController,
    TriesController,
    OnClassChanged,
    OnEnrolmentChanged,
    OnItemVersionPublished,
    OnPersonChanged,
    OnTestVersionPublished,
    OnTryScored,
  ],
  providers: [
    { provide: CLOCK, useValue: systemClock },
    objectStoreProvider,
    Announcements,
    Arrangements,
    Assignments,
    AttemptForms,
    AttemptMedia,
    Attempts,
    Groups,
    HandIns,
    InClass,
    LateJoiners,
    Offline,
    OfflineKeys,
    Publications,
    Reopenings,
    Rosters,
    Submissions,
    Sweeper,
    Templates,
    Tests,
    Tracking,
    Tries,
    UploadAnswers,
    Uploads,
    Windows,
    Writers,
    ArrangementStore,
    AssignmentStore,
    AttemptStore,
    DeadlineStore,
    GroupStore,
    OfflineStore,
    PlayStore,
    PolicyStore,
    ResponseStore,
    RosterStore,
    TemplateStore,
    TestStore,
    TrackingStore,
    TryStore,
    UploadStore,
    WindowStore,
  ],
} satisfies ModuleMetadata;

@Module({
  controllers: assignmentsParts.controllers,
  // By its own clock, which a test that sets one would race with.
  providers: [...assignmentsParts.providers, SweepTimer],
})
export class AssignmentsModule {}

export const assignments: ServiceDefinition = {
  name: 'assignments',
  title: 'Assignments, attempts and submissions',
  module: AssignmentsModule,
  migrations: [assignmentsMigration, assignmentLife, itemTries],
  largeBodies: [
    { path: '/api/v1/attempts/:id/responses', maxBytes: MAX_ANSWERS_BODY_BYTES },
    { path: '/api/v1/attempts/:id/offline-responses', maxBytes: MAX_ANSWERS_BODY_BYTES },
    { path: '/api/v1/attempts/:id/items/:slot/tries', maxBytes: MAX_ANSWERS_BODY_BYTES },
  ],
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
