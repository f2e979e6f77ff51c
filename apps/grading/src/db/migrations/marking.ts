import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Rubrics, several rounds of marking, comments on pieces of an answer, and skipped tasks. */
export const marking: SqlMigration = {
  name: 'Marking1760000000200',
  up: [
    `ALTER TABLE attempt_score ADD COLUMN submission integer`,
    `ALTER TABLE review_task
       ADD COLUMN round smallint NOT NULL DEFAULT 1 CHECK (round BETWEEN 1 AND 3),
       ADD COLUMN double_threshold numeric CHECK (double_threshold >= 0),
       ADD COLUMN annotations jsonb,
       ADD COLUMN rubric jsonb,
       ADD COLUMN evidence_upload_id uuid,
       ADD COLUMN needs_remark boolean NOT NULL DEFAULT false,
       ALTER COLUMN item_version_id DROP NOT NULL,
       DROP CONSTRAINT review_task_status_check,
       ADD CONSTRAINT review_task_status CHECK (status IN ('open', 'done', 'withdrawn'))`,
    `CREATE UNIQUE INDEX review_task_part ON review_task
       (institution_id, attempt_id, slot, response_id, round) NULLS NOT DISTINCT`,
    `ALTER TABLE review_task
       DROP CONSTRAINT review_task_institution_id_attempt_id_slot_response_id_key`,
    `CREATE INDEX review_task_open_of_slot ON review_task (institution_id, assignment_id, slot, id)
       WHERE status = 'open'`,
    `CREATE INDEX review_task_remark ON review_task (institution_id, assignment_id, id)
       WHERE needs_remark`,
    `ALTER TABLE review_mark ADD COLUMN annotations jsonb, ADD COLUMN rubric jsonb`,

    `CREATE TABLE review_skip (
       institution_id uuid NOT NULL,
       task_id uuid NOT NULL,
       person_id uuid NOT NULL,
       PRIMARY KEY (institution_id, task_id, person_id),
       FOREIGN KEY (institution_id, task_id) REFERENCES review_task)`,
    ...tenantTable('review_skip', 'SELECT, INSERT, DELETE'),

    `CREATE TABLE rubric (
       institution_id uuid NOT NULL,
       id uuid NOT NULL,
       created_by uuid NOT NULL,
       latest_version integer NOT NULL,
       PRIMARY KEY (institution_id, id))`,
    ...tenantTable('rubric', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE rubric_version (
       institution_id uuid NOT NULL,
       id uuid NOT NULL,
       rubric_id uuid NOT NULL,
       version integer NOT NULL,
       body jsonb NOT NULL,
       mapping jsonb NOT NULL,
       created_by uuid NOT NULL,
       created_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, rubric_id, version),
       FOREIGN KEY (institution_id, rubric_id) REFERENCES rubric)`,
    ...tenantTable('rubric_version', 'SELECT, INSERT'),

    `CREATE TABLE score_dispute (
       institution_id uuid NOT NULL,
       id uuid NOT NULL,
       attempt_id uuid NOT NULL,
       class_id uuid NOT NULL,
       learner_id uuid NOT NULL,
       slot integer NOT NULL,
       state text NOT NULL CHECK (state IN ('open', 'answered', 'upheld', 'rejected')),
       version integer NOT NULL,
       opened_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, id),
       FOREIGN KEY (institution_id, attempt_id) REFERENCES attempt_score)`,
    `CREATE UNIQUE INDEX score_dispute_live ON score_dispute (institution_id, attempt_id, slot)
       WHERE state IN ('open', 'answered')`,
    `CREATE INDEX score_dispute_class ON score_dispute (institution_id, class_id, id)`,
    ...tenantTable('score_dispute', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE dispute_message (
       institution_id uuid NOT NULL,
       dispute_id uuid NOT NULL,
       version integer NOT NULL,
       author_id uuid NOT NULL,
       by_learner boolean NOT NULL,
       state text NOT NULL,
       body text NOT NULL,
       trace_id text,
       created_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, dispute_id, version),
       FOREIGN KEY (institution_id, dispute_id) REFERENCES score_dispute)`,
    ...tenantTable('dispute_message', 'SELECT, INSERT'),
  ],
  down: [
    'DROP TABLE dispute_message',
    'DROP TABLE score_dispute',
    'ALTER TABLE attempt_score DROP COLUMN submission',
    'DROP TABLE rubric_version',
    'DROP TABLE rubric',
    'DROP TABLE review_skip',
    'ALTER TABLE review_mark DROP COLUMN annotations, DROP COLUMN rubric',
    'DROP INDEX review_task_part, review_task_open_of_slot, review_task_remark',
    `ALTER TABLE review_task DROP COLUMN round, DROP COLUMN double_threshold,
       DROP COLUMN annotations, DROP COLUMN rubric, DROP COLUMN evidence_upload_id,
       DROP COLUMN needs_remark`,
  ],
};
