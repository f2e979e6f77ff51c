import { type SqlMigration, tenantTable } from '@parlance/platform';

/**
 * An attempt can be scored again. A score version with items is a scoring run: the first holds
 * every item, a later one only the slots that changed. `run_ats` says when the runs of an attempt
 * were, so that reading them touches their partitions alone; null is the first one only, which is
 * what rows of before have.
 */
export const scoringRuns: SqlMigration = {
  name: 'ScoringRuns1760000000100',
  up: [
    `ALTER TABLE attempt_score ADD COLUMN run_ats timestamptz[], ADD COLUMN due_at timestamptz`,
    `CREATE INDEX attempt_score_assignment ON attempt_score
       (institution_id, assignment_id, attempt_id)`,
    // Causes are an open list of grading's code, and any of them may carry a scoring run.
    `ALTER TABLE attempt_score_version DROP CONSTRAINT attempt_score_version_cause_check`,
    `ALTER TABLE attempt_score_version DROP CONSTRAINT attempt_score_version_check`,

    // Which assignments hold an item version: the way from a faulty item to the attempts it
    // touched. A row per attempt and item would be the largest table of all for the same answer.
    `CREATE TABLE assignment_item (
       institution_id uuid NOT NULL,
       item_version_id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       PRIMARY KEY (institution_id, item_version_id, assignment_id))`,
    `ALTER TABLE attempt_score NO FORCE ROW LEVEL SECURITY`,
    `ALTER TABLE attempt_score_version NO FORCE ROW LEVEL SECURITY`,
    `INSERT INTO assignment_item
       SELECT DISTINCT s.institution_id, (item ->> 'itemVersionId')::uuid, s.assignment_id
       FROM attempt_score s
       JOIN attempt_score_version v ON v.institution_id = s.institution_id
         AND v.attempt_id = s.attempt_id AND v.version = 1 AND v.scored_at = s.first_scored_at
       CROSS JOIN jsonb_array_elements(v.items) AS item`,
    `ALTER TABLE attempt_score FORCE ROW LEVEL SECURITY`,
    `ALTER TABLE attempt_score_version FORCE ROW LEVEL SECURITY`,
    ...tenantTable('assignment_item', 'SELECT, INSERT'),

    // What grading must know of assignments: whose they are and when they are due and close.
    `CREATE TABLE assignment (
       institution_id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       class_id uuid NOT NULL,
       title text NOT NULL,
       points_possible numeric NOT NULL,
       due_at timestamptz,
       closes_at timestamptz,
       version integer NOT NULL,
       PRIMARY KEY (institution_id, assignment_id))`,
    ...tenantTable('assignment', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE marking_settings (
       institution_id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       version integer NOT NULL,
       anonymous boolean NOT NULL,
       label_secret text NOT NULL,
       double_threshold numeric CHECK (double_threshold >= 0),
       slots jsonb NOT NULL,
       release jsonb NOT NULL,
       updated_by uuid NOT NULL,
       updated_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, assignment_id))`,
    ...tenantTable('marking_settings', 'SELECT, INSERT, UPDATE'),
  ],
  down: [
    'DROP TABLE marking_settings',
    'DROP TABLE assignment',
    'DROP TABLE assignment_item',
    'DROP INDEX attempt_score_assignment',
    'ALTER TABLE attempt_score DROP COLUMN run_ats, DROP COLUMN due_at',
  ],
};
