import { type SqlMigration, tenantTable } from '@parlance/platform';

const APPEND_ONLY = 'SELECT, INSERT';

/** What forms are made of, the bank as it was when some were, and which came of it. */
export const blueprints: SqlMigration = {
  name: 'Blueprints1795000000006',
  up: [
    `CREATE TABLE blueprint (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       title text NOT NULL,
       version integer NOT NULL CHECK (version > 0),
       latest_version_id uuid NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id))`,
    `CREATE TABLE blueprint_version (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       blueprint_id uuid NOT NULL,
       version_number integer NOT NULL CHECK (version_number > 0),
       title text NOT NULL,
       pools jsonb NOT NULL,
       author_id uuid NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, blueprint_id, version_number),
       FOREIGN KEY (institution_id, blueprint_id) REFERENCES blueprint)`,
    `ALTER TABLE blueprint ADD FOREIGN KEY (institution_id, latest_version_id)
       REFERENCES blueprint_version DEFERRABLE INITIALLY DEFERRED`,
    `CREATE TABLE bank_snapshot (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       hash text NOT NULL CHECK (length(hash) = 64),
       candidates jsonb NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, hash))`,
    `CREATE TABLE form_draw (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       blueprint_version_id uuid NOT NULL,
       snapshot_id uuid NOT NULL,
       options jsonb NOT NULL,
       test_version_ids uuid[] NOT NULL,
       actor_id uuid NOT NULL,
       trace_id text,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       FOREIGN KEY (institution_id, blueprint_version_id) REFERENCES blueprint_version,
       FOREIGN KEY (institution_id, snapshot_id) REFERENCES bank_snapshot)`,
    ...tenantTable('blueprint', 'SELECT, INSERT, UPDATE'),
    ...tenantTable('blueprint_version', APPEND_ONLY),
    ...tenantTable('bank_snapshot', APPEND_ONLY),
    ...tenantTable('form_draw', APPEND_ONLY),
  ],
  down: [
    `DROP TABLE form_draw`,
    `DROP TABLE bank_snapshot`,
    `ALTER TABLE blueprint DROP CONSTRAINT blueprint_institution_id_latest_version_id_fkey`,
    `DROP TABLE blueprint_version`,
    `DROP TABLE blueprint`,
  ],
};
