import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Moments as wall time beside their instants; whom it is for; how it is done and counted. */
const ASSIGNMENT = [
  `ALTER TABLE enrolment ADD COLUMN joined_at timestamptz`,
  `ALTER TABLE assignment
     ADD COLUMN opens_local text,
     ADD COLUMN due_local text,
     ADD COLUMN closes_local text,
     ADD COLUMN zone_rules text,
     ADD COLUMN mode text NOT NULL DEFAULT 'self'
       CHECK (mode IN ('self', 'live', 'in-class', 'paper')),
     ADD COLUMN live_slot int NOT NULL DEFAULT 0,
     ADD COLUMN audience_groups uuid[],
     ADD COLUMN audience_learners uuid[],
     ADD COLUMN late_joiners boolean NOT NULL DEFAULT true,
     ADD COLUMN late_joiner_days int,
     ADD COLUMN policy_version int NOT NULL DEFAULT 0,
     ADD COLUMN policy jsonb,
     ADD COLUMN publish_local text,
     ADD COLUMN publish_at timestamptz`,
  `CREATE TABLE assignment_policy (
     institution_id uuid NOT NULL,
     assignment_id uuid NOT NULL,
     version int NOT NULL,
     policy jsonb NOT NULL,
     actor_id uuid NOT NULL,
     trace_id text,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, assignment_id, version),
     FOREIGN KEY (institution_id, assignment_id) REFERENCES assignment (institution_id, id))`,
  ...tenantTable('assignment_policy', 'SELECT, INSERT'),
  `CREATE TABLE assignment_template (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     name text NOT NULL,
     settings jsonb NOT NULL,
     created_by uuid NOT NULL,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, id))`,
  ...tenantTable('assignment_template'),
];

/** What differs for some learners. */
const ARRANGEMENTS = [
  `CREATE TABLE class_group (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     class_id uuid NOT NULL,
     name text NOT NULL,
     version int NOT NULL,
     created_by uuid NOT NULL,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, id),
     FOREIGN KEY (institution_id, class_id) REFERENCES class (institution_id, id))`,
  `CREATE INDEX class_group_class ON class_group (institution_id, class_id)`,
  ...tenantTable('class_group'),
  `CREATE TABLE group_member (
     institution_id uuid NOT NULL,
     group_id uuid NOT NULL,
     learner_id uuid NOT NULL,
     PRIMARY KEY (institution_id, group_id, learner_id),
     FOREIGN KEY (institution_id, group_id) REFERENCES class_group (institution_id, id)
       ON DELETE CASCADE)`,
  `CREATE INDEX group_member_learner ON group_member (institution_id, learner_id)`,
  ...tenantTable('group_member', 'SELECT, INSERT, DELETE'),
  `CREATE TABLE assignment_override (
     institution_id uuid NOT NULL,
     assignment_id uuid NOT NULL,
     target_id uuid NOT NULL,
     scope text NOT NULL CHECK (scope IN ('class', 'group', 'learner')),
     rule jsonb NOT NULL,
     PRIMARY KEY (institution_id, assignment_id, target_id),
     FOREIGN KEY (institution_id, assignment_id) REFERENCES assignment (institution_id, id))`,
  `CREATE INDEX assignment_override_target ON assignment_override (institution_id, target_id)`,
  ...tenantTable('assignment_override'),
  `CREATE TABLE accommodation (
     institution_id uuid NOT NULL,
     learner_id uuid NOT NULL,
     version int NOT NULL,
     granted jsonb NOT NULL,
     PRIMARY KEY (institution_id, learner_id))`,
  ...tenantTable('accommodation', 'SELECT, INSERT, UPDATE'),
  // Who changed what for whom; what a learner was granted is asked about long afterwards.
  `CREATE TABLE arrangement_change (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     kind text NOT NULL,
     assignment_id uuid,
     target_id uuid NOT NULL,
     before jsonb,
     after jsonb,
     reason text,
     actor_id uuid NOT NULL,
     trace_id text,
     changed_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, id))`,
  `CREATE INDEX arrangement_change_target ON arrangement_change (institution_id, target_id, id)`,
  ...tenantTable('arrangement_change', 'SELECT, INSERT'),
];

/**
 * `windowed`: due and close are those of the learner; attempts of before have their assignment's.
 * `window_fixed`: a teacher opened it again until then, whatever changes for the others.
 * `grants_another`: a teacher gave the learner one attempt more for it.
 * A lease is what the one device that writes has in hand.
 */
const ATTEMPT = [
  `ALTER TABLE attempt
     ADD COLUMN windowed boolean NOT NULL DEFAULT false,
     ADD COLUMN window_fixed boolean NOT NULL DEFAULT false,
     ADD COLUMN due_at timestamptz,
     ADD COLUMN closes_at timestamptz,
     ADD COLUMN time_limit_seconds int,
     ADD COLUMN policy_version int NOT NULL DEFAULT 0,
     ADD COLUMN handed_in_by text
       CHECK (handed_in_by IN ('learner', 'time', 'teacher')),
     ADD COLUMN grants_another boolean NOT NULL DEFAULT false,
     ADD COLUMN device_id text,
     ADD COLUMN lease uuid,
     ADD COLUMN leased_at timestamptz,
     ADD COLUMN bundle_issued_at timestamptz`,
  `CREATE INDEX attempt_learner ON attempt (institution_id, learner_id, id)`,
  // What a device claims is kept as a claim; received_at is what counts.
  `ALTER TABLE response
     ADD COLUMN device_id text,
     ADD COLUMN device_time timestamptz`,
  `CREATE TABLE offline_response (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     attempt_id uuid NOT NULL,
     slot smallint NOT NULL,
     sequence bigint NOT NULL,
     responses jsonb NOT NULL,
     device_id text NOT NULL,
     elapsed_ms bigint,
     device_time timestamptz,
     answered_by timestamptz NOT NULL,
     received_at timestamptz NOT NULL,
     outcome text NOT NULL,
     PRIMARY KEY (institution_id, id))`,
  `CREATE INDEX offline_response_attempt ON offline_response (institution_id, attempt_id, id)`,
  ...tenantTable('offline_response', 'SELECT, INSERT'),
  `CREATE TABLE media_play (
     institution_id uuid NOT NULL,
     attempt_id uuid NOT NULL,
     slot smallint NOT NULL,
     response_id text NOT NULL,
     plays int NOT NULL,
     last_played_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, attempt_id, slot, response_id))`,
  ...tenantTable('media_play', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE upload (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     attempt_id uuid NOT NULL,
     slot smallint NOT NULL,
     response_id text NOT NULL,
     media_type text NOT NULL,
     size_bytes bigint NOT NULL,
     duration_seconds numeric,
     part_bytes bigint NOT NULL,
     store_upload_id text NOT NULL,
     parts jsonb NOT NULL DEFAULT '{}',
     status text NOT NULL CHECK (status IN ('open', 'completed', 'refused')),
     sha256 text,
     created_at timestamptz NOT NULL,
     completed_at timestamptz,
     PRIMARY KEY (institution_id, id),
     FOREIGN KEY (institution_id, attempt_id) REFERENCES attempt (institution_id, id))`,
  `CREATE INDEX upload_attempt ON upload (institution_id, attempt_id, slot)`,
  ...tenantTable('upload', 'SELECT, INSERT, UPDATE'),
];

/**
 * What will be due, in all institutions: ids and instants alone, which is all the sweeper sees
 * before it works within one institution. A row is written under the lock of what it is about.
 */
const DEADLINE = [
  `CREATE TABLE deadline (
     institution_id uuid NOT NULL,
     kind text NOT NULL CHECK (kind IN ('attempt', 'publication')),
     object_id uuid NOT NULL,
     due_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, kind, object_id))`,
  `CREATE INDEX deadline_due ON deadline (due_at)`,
  ...tenantTable('deadline'),
  `CREATE POLICY sweep ON deadline FOR SELECT
     USING (current_setting('app.messaging', true) = 'on')`,
];

export const assignmentLife: SqlMigration = {
  name: 'AssignmentLife1764200000000',
  up: [...ASSIGNMENT, ...ARRANGEMENTS, ...ATTEMPT, ...DEADLINE],
  down: [
    'DROP TABLE deadline',
    'DROP TABLE upload',
    'DROP TABLE media_play',
    'DROP TABLE offline_response',
    'ALTER TABLE response DROP COLUMN device_id, DROP COLUMN device_time',
    'DROP INDEX attempt_learner',
    `ALTER TABLE attempt DROP COLUMN windowed, DROP COLUMN window_fixed, DROP COLUMN due_at, DROP COLUMN closes_at,
       DROP COLUMN time_limit_seconds, DROP COLUMN policy_version, DROP COLUMN handed_in_by,
       DROP COLUMN grants_another, DROP COLUMN device_id, DROP COLUMN lease, DROP COLUMN leased_at,
       DROP COLUMN bundle_issued_at`,
    'DROP TABLE arrangement_change',
    'DROP TABLE accommodation',
    'DROP TABLE assignment_override',
    'DROP TABLE group_member',
    'DROP TABLE class_group',
    'DROP TABLE assignment_template',
    'DROP TABLE assignment_policy',
    `ALTER TABLE assignment DROP COLUMN opens_local, DROP COLUMN due_local,
       DROP COLUMN closes_local, DROP COLUMN zone_rules, DROP COLUMN mode, DROP COLUMN live_slot,
       DROP COLUMN audience_groups, DROP COLUMN audience_learners, DROP COLUMN late_joiners,
       DROP COLUMN late_joiner_days, DROP COLUMN policy_version, DROP COLUMN policy,
       DROP COLUMN publish_local, DROP COLUMN publish_at`,
    'ALTER TABLE enrolment DROP COLUMN joined_at',
  ],
};
