import { type SqlMigration, tenantTable } from '@parlance/platform';

const CEFR = `CHECK (cefr_level IN ('pre-A1', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2'))`;

/** A version is written once: the service may not change or remove it. */
const APPEND_ONLY = 'SELECT, INSERT';

/** Items, tests and their versions, and what each import did. */
export const itemBank: SqlMigration = {
  name: 'ItemBank1795000000001',
  up: [
    `CREATE TABLE import (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       actor_id uuid NOT NULL,
       report jsonb NOT NULL,
       trace_id text,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id))`,
    `CREATE INDEX import_trace ON import (trace_id)`,
    `CREATE TABLE item (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       identifier text NOT NULL CHECK (length(identifier) BETWEEN 1 AND 250),
       title text NOT NULL,
       cefr_level text ${CEFR},
       skills text[] NOT NULL DEFAULT '{}',
       version integer NOT NULL DEFAULT 0,
       latest_version_id uuid,
       latest_version_number integer NOT NULL DEFAULT 0,
       latest_hash text NOT NULL DEFAULT '',
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, identifier))`,
    `CREATE TABLE item_version (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       item_id uuid NOT NULL,
       version_number integer NOT NULL CHECK (version_number > 0),
       hash text NOT NULL CHECK (length(hash) = 64),
       title text NOT NULL,
       delivery jsonb NOT NULL,
       scoring jsonb NOT NULL,
       points_possible numeric NOT NULL CHECK (points_possible >= 0),
       import_id uuid NOT NULL,
       trace_id text,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, item_id, version_number),
       FOREIGN KEY (institution_id, item_id) REFERENCES item,
       FOREIGN KEY (institution_id, import_id) REFERENCES import
         DEFERRABLE INITIALLY DEFERRED)`,
    `CREATE INDEX item_version_import ON item_version (institution_id, import_id)`,
    `CREATE INDEX item_version_trace ON item_version (trace_id)`,
    // Checked at commit, because an item and its first version name each other, and because the
    // report of an import is written last.
    `ALTER TABLE item ADD CONSTRAINT item_latest_version
       FOREIGN KEY (institution_id, latest_version_id) REFERENCES item_version
       DEFERRABLE INITIALLY DEFERRED`,
    `CREATE TABLE test (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       identifier text NOT NULL CHECK (length(identifier) BETWEEN 1 AND 250),
       title text NOT NULL,
       version integer NOT NULL DEFAULT 0,
       latest_version_id uuid,
       latest_version_number integer NOT NULL DEFAULT 0,
       latest_hash text NOT NULL DEFAULT '',
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, identifier))`,
    `CREATE TABLE test_version (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       test_id uuid NOT NULL,
       version_number integer NOT NULL CHECK (version_number > 0),
       hash text NOT NULL CHECK (length(hash) = 64),
       title text NOT NULL,
       structure jsonb NOT NULL,
       points_possible numeric NOT NULL CHECK (points_possible >= 0),
       time_limit_seconds integer CHECK (time_limit_seconds > 0),
       import_id uuid NOT NULL,
       trace_id text,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       UNIQUE (institution_id, test_id, version_number),
       FOREIGN KEY (institution_id, test_id) REFERENCES test,
       FOREIGN KEY (institution_id, import_id) REFERENCES import
         DEFERRABLE INITIALLY DEFERRED)`,
    `CREATE INDEX test_version_import ON test_version (institution_id, import_id)`,
    `CREATE INDEX test_version_trace ON test_version (trace_id)`,
    `ALTER TABLE test ADD CONSTRAINT test_latest_version
       FOREIGN KEY (institution_id, latest_version_id) REFERENCES test_version
       DEFERRABLE INITIALLY DEFERRED`,
    ...tenantTable('import', APPEND_ONLY),
    ...tenantTable('item', 'SELECT, INSERT, UPDATE'),
    ...tenantTable('item_version', APPEND_ONLY),
    ...tenantTable('test', 'SELECT, INSERT, UPDATE'),
    ...tenantTable('test_version', APPEND_ONLY),
  ],
  down: [
    `ALTER TABLE item DROP CONSTRAINT item_latest_version`,
    `ALTER TABLE test DROP CONSTRAINT test_latest_version`,
    `DROP TABLE test_version`,
    `DROP TABLE test`,
    `DROP TABLE item_version`,
    `DROP TABLE item`,
    `DROP TABLE import`,
  ],
};
