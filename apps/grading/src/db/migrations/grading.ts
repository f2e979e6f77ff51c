import { monthlyPartitions, type SqlMigration, tenantTable } from '@parlance/platform';

/** Keys, the present score of each attempt, and the two append-only records behind it. */
export const gradingTables: SqlMigration = {
  name: 'Grading1760000000000',
  up: [
    `CREATE TABLE enrolment (
       institution_id uuid NOT NULL,
       enrolment_id uuid NOT NULL,
       class_id uuid NOT NULL,
       person_id uuid NOT NULL,
       role text NOT NULL CHECK (role IN ('learner', 'teacher')),
       status text NOT NULL CHECK (status IN ('active', 'ended')),
       version integer NOT NULL,
       PRIMARY KEY (institution_id, enrolment_id))`,
    `CREATE INDEX enrolment_teaches ON enrolment (institution_id, person_id, class_id)
       WHERE role = 'teacher' AND status = 'active'`,
    ...tenantTable('enrolment', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE scoring_spec (
       institution_id uuid NOT NULL,
       item_version_id uuid NOT NULL,
       hash text NOT NULL,
       spec jsonb NOT NULL,
       points_possible numeric NOT NULL,
       PRIMARY KEY (institution_id, item_version_id))`,
    ...tenantTable('scoring_spec', 'SELECT, INSERT'),

    `CREATE TABLE attempt_score (
       institution_id uuid NOT NULL,
       attempt_id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       class_id uuid NOT NULL,
       learner_id uuid NOT NULL,
       attempt_number integer NOT NULL,
       submitted_at timestamptz NOT NULL,
       version integer NOT NULL,
       status text NOT NULL CHECK (status IN ('provisional', 'final')),
       auto_points numeric NOT NULL,
       computed_points numeric NOT NULL,
       points_possible numeric NOT NULL,
       override_points numeric,
       override_version integer,
       first_scored_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, attempt_id),
       CHECK ((override_points IS NULL) = (override_version IS NULL)))
     WITH (fillfactor = 90)`,
    ...tenantTable('attempt_score', 'SELECT, INSERT, UPDATE'),

    // Items are kept with the first version alone: answers and what scoring made of them never
    // change, and marks and overrides have records of their own.
    `CREATE TABLE attempt_score_version (
       institution_id uuid NOT NULL,
       attempt_id uuid NOT NULL,
       version integer NOT NULL,
       status text NOT NULL,
       points numeric NOT NULL,
       computed_points numeric NOT NULL,
       points_possible numeric NOT NULL,
       overridden boolean NOT NULL,
       cause text NOT NULL
         CHECK (cause IN ('scored', 'reviewed', 'overridden', 'override-removed')),
       actor_id uuid,
       items jsonb,
       trace_id text,
       scored_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, attempt_id, version, scored_at),
       FOREIGN KEY (institution_id, attempt_id) REFERENCES attempt_score,
       CHECK ((cause = 'scored') = (items IS NOT NULL)))
     PARTITION BY RANGE (scored_at)`,
    `CREATE INDEX attempt_score_version_trace ON attempt_score_version (trace_id)`,
    ...tenantTable('attempt_score_version', 'SELECT, INSERT'),
    ...monthlyPartitions('attempt_score_version'),

    `CREATE TABLE score_override (
       institution_id uuid NOT NULL,
       attempt_id uuid NOT NULL,
       version integer NOT NULL,
       points numeric,
       reason text,
       actor_id uuid NOT NULL,
       created_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, attempt_id, version),
       FOREIGN KEY (institution_id, attempt_id) REFERENCES attempt_score,
       CHECK ((points IS NULL) = (reason IS NULL)))`,
    ...tenantTable('score_override', 'SELECT, INSERT'),

    `CREATE TABLE review_task (
       institution_id uuid NOT NULL,
       id uuid NOT NULL,
       attempt_id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       class_id uuid NOT NULL,
       slot integer NOT NULL,
       item_version_id uuid NOT NULL,
       response_id text,
       points_possible numeric NOT NULL,
       status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done')),
       claimed_by uuid,
       lease_until timestamptz,
       points numeric,
       comment text,
       marked_by uuid,
       marked_at timestamptz,
       PRIMARY KEY (institution_id, id),
       UNIQUE NULLS NOT DISTINCT (institution_id, attempt_id, slot, response_id),
       FOREIGN KEY (institution_id, attempt_id) REFERENCES attempt_score,
       CHECK ((status = 'done') = (points IS NOT NULL AND marked_by IS NOT NULL)))`,
    `CREATE INDEX review_task_open ON review_task (institution_id, id) WHERE status = 'open'`,
    `CREATE INDEX review_task_open_of_assignment ON review_task (institution_id, assignment_id, id)
       WHERE status = 'open'`,
    `CREATE INDEX review_task_class ON review_task (institution_id, class_id, id)`,
    ...tenantTable('review_task', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE review_mark (
       institution_id uuid NOT NULL,
       task_id uuid NOT NULL,
       score_version integer NOT NULL,
       points numeric NOT NULL,
       comment text,
       actor_id uuid NOT NULL,
       trace_id text,
       marked_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, task_id, score_version),
       FOREIGN KEY (institution_id, task_id) REFERENCES review_task)`,
    ...tenantTable('review_mark', 'SELECT, INSERT'),
  ],
  down: [
    `DELETE FROM partition_plan WHERE parent = 'attempt_score_version'`,
    'DROP TABLE review_mark',
    'DROP TABLE review_task',
    'DROP TABLE score_override',
    'DROP TABLE attempt_score_version',
    'DROP TABLE attempt_score',
    'DROP TABLE scoring_spec',
    'DROP TABLE enrolment',
  ],
};
