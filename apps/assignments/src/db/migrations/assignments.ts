import { monthlyPartitions, type SqlMigration, tenantTable } from '@parlance/platform';

/** What other services said: filled from their events alone, in whatever order these arrive. */
const READ_MODELS = [
  `CREATE TABLE class (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     name text NOT NULL,
     status text NOT NULL CHECK (status IN ('active', 'archived')),
     PRIMARY KEY (institution_id, id))`,
  `CREATE TABLE person (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     display_name text NOT NULL,
     status text NOT NULL,
     PRIMARY KEY (institution_id, id))`,
  `CREATE TABLE enrolment (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     class_id uuid NOT NULL,
     person_id uuid NOT NULL,
     role text NOT NULL CHECK (role IN ('learner', 'teacher')),
     status text NOT NULL CHECK (status IN ('active', 'ended')),
     PRIMARY KEY (institution_id, id))`,
  `CREATE INDEX enrolment_class ON enrolment (institution_id, class_id, person_id)`,
  `CREATE INDEX enrolment_person ON enrolment (institution_id, person_id)`,
  `CREATE TABLE item_version (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     item_id uuid NOT NULL,
     points_possible numeric(14, 6) NOT NULL,
     delivery jsonb NOT NULL,
     PRIMARY KEY (institution_id, id))`,
  `CREATE TABLE test_version (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     test_id uuid NOT NULL,
     version_number int NOT NULL,
     title text NOT NULL,
     points_possible numeric(14, 6) NOT NULL,
     time_limit_seconds int,
     structure jsonb NOT NULL,
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, test_id, version_number))`,
];

const ASSIGNMENT = [
  `CREATE TABLE assignment (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     class_id uuid NOT NULL,
     test_id uuid NOT NULL,
     test_version_id uuid,
     title text NOT NULL,
     category text NOT NULL,
     opens_at timestamptz,
     due_at timestamptz,
     closes_at timestamptz,
     time_zone text NOT NULL,
     max_attempts int NOT NULL CHECK (max_attempts >= 1),
     points_possible numeric(14, 6),
     status text NOT NULL CHECK (status IN ('draft', 'published', 'withdrawn')),
     version int NOT NULL,
     created_by uuid NOT NULL,
     created_at timestamptz NOT NULL,
     trace_id text,
     PRIMARY KEY (institution_id, id),
     FOREIGN KEY (institution_id, class_id) REFERENCES class (institution_id, id),
     FOREIGN KEY (institution_id, test_version_id) REFERENCES test_version (institution_id, id),
     CHECK (status = 'draft' OR (test_version_id IS NOT NULL AND opens_at IS NOT NULL)))`,
  `CREATE INDEX assignment_class ON assignment (institution_id, class_id, id)`,
  `CREATE INDEX assignment_trace ON assignment (trace_id)`,
];

const ATTEMPT = [
  `CREATE TABLE attempt (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     assignment_id uuid NOT NULL,
     class_id uuid NOT NULL,
     learner_id uuid NOT NULL,
     attempt_number int NOT NULL,
     test_version_id uuid NOT NULL,
     seed text NOT NULL,
     form jsonb NOT NULL,
     status text NOT NULL CHECK (status IN ('in-progress', 'submitted')),
     version int NOT NULL,
     started_at timestamptz NOT NULL,
     ends_at timestamptz,
     submitted_at timestamptz,
     late boolean,
     submission_key text,
     trace_id text,
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, assignment_id, learner_id, attempt_number),
     FOREIGN KEY (institution_id, assignment_id) REFERENCES assignment (institution_id, id),
     CHECK ((status = 'submitted') = (submitted_at IS NOT NULL)))`,
  // However often and wherever a learner presses start, one attempt is in progress.
  `CREATE UNIQUE INDEX attempt_in_progress ON attempt (institution_id, assignment_id, learner_id)
     WHERE status = 'in-progress'`,
  `CREATE INDEX attempt_trace ON attempt (trace_id) WHERE trace_id IS NOT NULL`,
];

/**
 * `attempt_on` is the day in the attempt's own id: all answers of an attempt share a partition,
 * so that their key is unique and every read prunes to one. There is no foreign key to attempt,
 * because a row is only ever inserted under the lock of its attempt, and 28 checks a save add up.
 */
const RESPONSE = [
  `CREATE TABLE response (
     institution_id uuid NOT NULL,
     attempt_id uuid NOT NULL,
     attempt_on date NOT NULL,
     slot smallint NOT NULL,
     sequence bigint NOT NULL,
     responses jsonb NOT NULL,
     received_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, attempt_id, slot, sequence, attempt_on)
   ) PARTITION BY RANGE (attempt_on)`,
];

export const assignmentsMigration: SqlMigration = {
  name: 'Assignments1762300000000',
  up: [
    ...READ_MODELS,
    ...ASSIGNMENT,
    ...ATTEMPT,
    ...RESPONSE,
    ...['class', 'person', 'enrolment', 'assignment', 'attempt'].flatMap((table) =>
      tenantTable(table, 'SELECT, INSERT, UPDATE'),
    ),
    ...['item_version', 'test_version', 'response'].flatMap((table) =>
      tenantTable(table, 'SELECT, INSERT'),
    ),
    ...monthlyPartitions('response'),
  ],
  down: [
    'DROP TABLE response',
    `DELETE FROM partition_plan WHERE parent = 'response'`,
    'DROP TABLE attempt',
    'DROP TABLE assignment',
    'DROP TABLE test_version',
    'DROP TABLE item_version',
    'DROP TABLE enrolment',
    'DROP TABLE person',
    'DROP TABLE class',
  ],
};
