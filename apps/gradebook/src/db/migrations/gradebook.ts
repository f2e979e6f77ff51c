import { monthlyPartitions, type SqlMigration, tenantTable } from '@parlance/platform';

/** What events tell of people, classes and assignments; the cells, their history, the weights. */
export const gradebookTables: SqlMigration = {
  name: 'Gradebook1760000000000',
  up: [
    `CREATE TABLE person (
       institution_id uuid NOT NULL,
       person_id uuid NOT NULL,
       display_name text NOT NULL,
       version integer NOT NULL,
       PRIMARY KEY (institution_id, person_id))`,
    ...tenantTable('person', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE class (
       institution_id uuid NOT NULL,
       class_id uuid NOT NULL,
       name text NOT NULL,
       status text NOT NULL CHECK (status IN ('active', 'archived')),
       version integer NOT NULL,
       PRIMARY KEY (institution_id, class_id))`,
    ...tenantTable('class', 'SELECT, INSERT, UPDATE'),

    // Events arrive in any order, so nothing here refers to person or class by a foreign key.
    `CREATE TABLE enrolment (
       institution_id uuid NOT NULL,
       enrolment_id uuid NOT NULL,
       class_id uuid NOT NULL,
       person_id uuid NOT NULL,
       role text NOT NULL CHECK (role IN ('learner', 'teacher')),
       status text NOT NULL CHECK (status IN ('active', 'ended')),
       version integer NOT NULL,
       PRIMARY KEY (institution_id, enrolment_id))`,
    `CREATE INDEX enrolment_active ON enrolment (institution_id, class_id, role, person_id)
       WHERE status = 'active'`,
    ...tenantTable('enrolment', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE grade_column (
       institution_id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       class_id uuid NOT NULL,
       title text NOT NULL,
       category text NOT NULL,
       points_possible numeric NOT NULL,
       status text NOT NULL CHECK (status IN ('published', 'withdrawn')),
       opens_at timestamptz NOT NULL,
       version integer NOT NULL,
       PRIMARY KEY (institution_id, assignment_id))`,
    `CREATE INDEX grade_column_class ON grade_column (institution_id, class_id, opens_at)
       WHERE status = 'published'`,
    ...tenantTable('grade_column', 'SELECT, INSERT, UPDATE'),

    // Every set of categories stays, so that an old total can be explained.
    `CREATE TABLE category_policy (
       institution_id uuid NOT NULL,
       class_id uuid NOT NULL,
       version integer NOT NULL,
       categories jsonb NOT NULL,
       actor_id uuid NOT NULL,
       trace_id text,
       created_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, class_id, version))`,
    ...tenantTable('category_policy', 'SELECT, INSERT'),

    // attempts: what each attempt earned, by attempt id. A learner has a handful for an
    // assignment, always read and written together with the cell they decide.
    `CREATE TABLE cell (
       institution_id uuid NOT NULL,
       id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       class_id uuid NOT NULL,
       learner_id uuid NOT NULL,
       attempts jsonb NOT NULL,
       attempt_id uuid NOT NULL,
       status text NOT NULL CHECK (status IN ('graded', 'pending-review')),
       points numeric,
       points_possible numeric NOT NULL,
       overridden boolean NOT NULL,
       submitted_at timestamptz NOT NULL,
       version integer NOT NULL,
       created_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, assignment_id, learner_id),
       CHECK ((status = 'graded') = (points IS NOT NULL)))
     WITH (fillfactor = 80)`,
    `CREATE INDEX cell_class_learner ON cell (institution_id, class_id, learner_id)`,
    ...tenantTable('cell', 'SELECT, INSERT, UPDATE'),

    `CREATE TABLE cell_history (
       institution_id uuid NOT NULL,
       cell_id uuid NOT NULL,
       version integer NOT NULL,
       attempt_id uuid NOT NULL,
       status text NOT NULL,
       points numeric,
       points_possible numeric NOT NULL,
       overridden boolean NOT NULL,
       cause text NOT NULL,
       actor_id uuid,
       trace_id text,
       changed_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, cell_id, version, changed_at),
       FOREIGN KEY (institution_id, cell_id) REFERENCES cell)
     PARTITION BY RANGE (changed_at)`,
    `CREATE INDEX cell_history_trace ON cell_history (trace_id)`,
    ...tenantTable('cell_history', 'SELECT, INSERT'),
    ...monthlyPartitions('cell_history'),
  ],
  down: [
    `DELETE FROM partition_plan WHERE parent = 'cell_history'`,
    'DROP TABLE cell_history',
    'DROP TABLE cell',
    'DROP TABLE category_policy',
    'DROP TABLE grade_column',
    'DROP TABLE enrolment',
    'DROP TABLE class',
    'DROP TABLE person',
  ],
};
