import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@parlance/platform';
import { AttemptScoreStore } from './db/attempt-score.store.js';
import { EnrolmentStore } from './db/enrolment.store.js';
import { gradingTables } from './db/migrations/grading.js';
import { scoringRuns } from './db/migrations/scoring-runs.js';
import { ReviewTaskStore } from './db/review-task.store.js';
import { ScoringSpecStore } from './db/scoring-spec.store.js';
import { OnAttemptSubmitted } from './events/on-attempt-submitted.js';
import { OnEnrolmentChanged } from './events/on-enrolment-changed.js';
import { OnScoringSpecPublished } from './events/on-scoring-spec-published.js';
import { ReviewTaskController } from './http/review-task.controller.js';
import { ScoreController } from './http/score.controller.js';
import { ReviewTasks } from './review-tasks.js';
import { ScoreVersions } from './score-versions.js';
import { Scores } from './scores.js';
import { ScoringSpecs } from './scoring-specs.js';
import { Submissions } from './submissions.js';

@Module({
  controllers: [
    ScoreController,
    ReviewTaskController,
    OnAttemptSubmitted,
    OnScoringSpecPublished,
    OnEnrolmentChanged,
  ],
  providers: [
    Submissions,
    Scores,
    ScoreVersions,
    ReviewTasks,
    ScoringSpecs,
    AttemptScoreStore,
    ReviewTaskStore,
    ScoringSpecStore,
    EnrolmentStore,
  ],
})
export class GradingModule {}

export const grading: ServiceDefinition = {
  name: 'grading',
  title: 'Parlance grading',
  module: GradingModule,
  migrations: [gradingTables, scoringRuns],
  traceRecords: [
    {
      noun: 'score version',
      sql: `SELECT attempt_id AS id, version, status, cause, actor_id, scored_at
            FROM attempt_score_version WHERE trace_id = $1 ORDER BY scored_at`,
    },
  ],
};
