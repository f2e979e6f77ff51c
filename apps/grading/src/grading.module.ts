import { Module } from '@nestjs/common';
import { objectStoreProvider, type ServiceDefinition } from '@parlance/platform';
import { AssignmentSettings } from './assignment-settings.js';
import { DisputeStore } from './db/dispute.store.js';
import { MarkStore } from './db/mark.store.js';
import { MarkingSettingsStore } from './db/marking-settings.store.js';
import { RubricStore } from './db/rubric.store.js';
import { Disputes } from './disputes.js';
import { OnAssignmentPublished } from './events/on-assignment-published.js';
import { DisputeController } from './http/dispute.controller.js';
import { MarkingSettingsController } from './http/marking-settings.controller.js';
import { RubricController } from './http/rubric.controller.js';
import { ScoreEntryController } from './http/score-entry.controller.js';
import { HiddenAttempts } from './hidden-attempts.js';
import { MarkingRubrics } from './marking-rubrics.js';
import { Marks } from './marks.js';
import { Rubrics } from './rubrics.js';
import { ScoreEntries } from './score-entries.js';
import { ShownTasks } from './shown-tasks.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptScoreStore } from './db/attempt-score.store.js';
import { EnrolmentStore } from './db/enrolment.store.js';
import { gradingTables } from './db/migrations/grading.js';
import { marking } from './db/migrations/marking.js';
import { rescoring } from './db/migrations/rescoring.js';
import { scoringRuns } from './db/migrations/scoring-runs.js';
import { RescoreBatchStore } from './db/rescore-batch.store.js';
import { RescoreCampaignStore } from './db/rescore-campaign.store.js';
import { RescoreImpactStore } from './db/rescore-impact.store.js';
import { ReviewTaskWrites } from './db/review-task-writes.store.js';
import { ReviewTaskStore } from './db/review-task.store.js';
import { ScoringSpecStore } from './db/scoring-spec.store.js';
import { OnAttemptSubmitted } from './events/on-attempt-submitted.js';
import { OnEnrolmentChanged } from './events/on-enrolment-changed.js';
import { OnItemVersionCorrected } from './events/on-item-version-corrected.js';
import { OnItemTried } from './events/on-item-tried.js';
import { OnScoringSpecPublished } from './events/on-scoring-spec-published.js';
import { RescoreCampaignController } from './http/rescore-campaign.controller.js';
import { ReviewTaskController } from './http/review-task.controller.js';
import { ScoreController } from './http/score.controller.js';
import { RescoreBatches } from './rescore-batches.js';
import { RescoreCampaigns } from './rescore-campaigns.js';
import { RescoreWorker } from './rescore-worker.js';
import { ReviewTasks } from './review-tasks.js';
import { ScoreVersions } from './score-versions.js';
import { Scores } from './scores.js';
import { ScoringSpecs } from './scoring-specs.js';
import { Submissions } from './submissions.js';
import { Tries } from './tries.js';

@Module({
  controllers: [
    ScoreController,
    ReviewTaskController,
    RescoreCampaignController,
    MarkingSettingsController,
    RubricController,
    ScoreEntryController,
    DisputeController,
    OnAssignmentPublished,
    OnAttemptSubmitted,
    OnItemTried,
    OnScoringSpecPublished,
    OnItemVersionCorrected,
    OnEnrolmentChanged,
  ],
  providers: [
    objectStoreProvider,
    Submissions,
    Tries,
    Scores,
    ScoreVersions,
    ReviewTasks,
    ScoringSpecs,
    AttemptScoreStore,
    ReviewTaskStore,
    ScoringSpecStore,
    EnrolmentStore,
    AssignmentStore,
    ReviewTaskWrites,
    RescoreBatchStore,
    RescoreCampaignStore,
    RescoreImpactStore,
    RescoreBatches,
    RescoreCampaigns,
    RescoreWorker,
    Marks,
    MarkingRubrics,
    HiddenAttempts,
    MarkStore,
    ShownTasks,
    AssignmentSettings,
    MarkingSettingsStore,
    Rubrics,
    RubricStore,
    ScoreEntries,
    Disputes,
    DisputeStore,
  ],
})
export class GradingModule {}

export const grading: ServiceDefinition = {
  name: 'grading',
  title: 'Parlance grading',
  module: GradingModule,
  migrations: [gradingTables, scoringRuns, marking, rescoring],
  traceRecords: [
    {
      noun: 'score version',
      sql: `SELECT attempt_id AS id, version, status, cause, actor_id, scored_at
            FROM attempt_score_version WHERE trace_id = $1 ORDER BY scored_at`,
    },
  ],
};
