import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Rubrics, several rounds of marking, comments on pieces of an answer, and skipped tasks. */
export const marking: SqlMigration = {
  name: 'Marking1760000000200',
  up: [
    `ALTER TABLE review_task
       ADD COLUMN round smallint NOT NULL DEFAULT 1 CHECK (round BETWEEN 1 AND 3),
       ADD COLUMN double_threshold numeric CHECK (double_threshold >= 0),
       ADD COLUMN annotations jsonb,
       ADD COLUMN rubric jsonb,
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
  ],
  down: [
    'DROP TABLE rubric_version',
    'DROP TABLE rubric',
    'DROP TABLE review_skip',
    'ALTER TABLE review_mark DROP COLUMN annotations, DROP COLUMN rubric',
    'DROP INDEX review_task_part, review_task_open_of_slot, review_task_remark',
    `ALTER TABLE review_task DROP COLUMN round, DROP COLUMN double_threshold,
       DROP COLUMN annotations, DROP COLUMN rubric, DROP COLUMN needs_remark`,
  ],
};
