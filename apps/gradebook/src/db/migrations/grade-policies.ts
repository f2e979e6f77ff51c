import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Policies and due dates of assignments, what lateness took, what is released, who is excused. */
export const gradePolicies: SqlMigration = {
  name: 'GradePolicies1764300000000',
  up: [
    `ALTER TABLE grade_column
       ADD COLUMN due_at timestamptz,
       ADD COLUMN policy jsonb,
       ADD COLUMN policy_version integer NOT NULL DEFAULT 0,
       ADD COLUMN learner_ids uuid[],
       ADD COLUMN exceptions jsonb`,
    `ALTER TABLE cell
       ADD COLUMN deduction numeric NOT NULL DEFAULT 0,
       ADD COLUMN is_released boolean NOT NULL DEFAULT true,
       ADD COLUMN policy_version integer NOT NULL DEFAULT 0`,
    `ALTER TABLE cell_history
       ADD COLUMN deduction numeric NOT NULL DEFAULT 0,
       ADD COLUMN policy_version integer NOT NULL DEFAULT 0`,
    // Teachers say it here, so it is no part of what events make; every change stays.
    `CREATE TABLE excusal (
       institution_id uuid NOT NULL,
       class_id uuid NOT NULL,
       assignment_id uuid NOT NULL,
       learner_id uuid NOT NULL,
       version integer NOT NULL,
       is_excused boolean NOT NULL,
       reason text,
       actor_id uuid NOT NULL,
       trace_id text,
       changed_at timestamptz NOT NULL,
       PRIMARY KEY (institution_id, class_id, learner_id, assignment_id, version))`,
    ...tenantTable('excusal', 'SELECT, INSERT'),
  ],
  down: [
    'DROP TABLE excusal',
    'ALTER TABLE cell_history DROP COLUMN deduction, DROP COLUMN policy_version',
    'ALTER TABLE cell DROP COLUMN deduction, DROP COLUMN is_released, DROP COLUMN policy_version',
    `ALTER TABLE grade_column DROP COLUMN due_at, DROP COLUMN policy, DROP COLUMN policy_version,
       DROP COLUMN learner_ids, DROP COLUMN exceptions`,
  ],
};
