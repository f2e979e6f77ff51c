import { SHADOW_FUNCTIONS, shadowFunctionGrants } from './shadow-functions.js';
import { SHADOW_COPY_FUNCTIONS } from './shadow-copy-functions.js';

/** The place of the role's name for whoever substitutes it later. */
const ROLE_PLACE = ':app_role';

const IS_MESSAGING = `current_setting('app.messaging', true) = 'on'`;
const OWN_INSTITUTION =
  "institution_id = nullif(current_setting('app.institution', true), '')::uuid";

/** In the database of the service whose events are told again. */
const REPLAY = [
  `CREATE TABLE replay (
     id uuid PRIMARY KEY,
     consumer text NOT NULL,
     mode text NOT NULL CHECK (mode IN ('repair', 'rebuild')),
     types text[] NOT NULL CHECK (cardinality(types) > 0),
     from_at timestamptz,
     to_at timestamptz,
     only_key text,
     only_institution_id uuid,
     rate_per_second int NOT NULL CHECK (rate_per_second BETWEEN 1 AND 10000),
     state text NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
     first_id bigint NOT NULL,
     last_id bigint NOT NULL,
     cursor_id bigint NOT NULL,
     sent bigint NOT NULL DEFAULT 0,
     refused bigint NOT NULL DEFAULT 0,
     owner text,
     token bigint NOT NULL DEFAULT 0,
     lease_until timestamptz,
     last_error text,
     reason text NOT NULL,
     created_by text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     finished_at timestamptz
   )`,
  `CREATE INDEX replay_running ON replay (created_at) WHERE state = 'running'`,
];

/** In the database of the service that is told. */
const ADMISSION = [
  `CREATE TABLE replay_admission (
     replay_id uuid PRIMARY KEY,
     token bigint GENERATED ALWAYS AS IDENTITY,
     mode text NOT NULL CHECK (mode IN ('repair', 'rebuild')),
     projection text,
     types text[] NOT NULL,
     state text NOT NULL
       CHECK (state IN ('opening', 'open', 'done', 'cancelled', 'swapped', 'dropped')),
     schema_name text,
     applied bigint,
     skipped bigint,
     missed bigint,
     reason text NOT NULL,
     created_by text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     closed_at timestamptz,
     CHECK ((mode = 'rebuild') = (projection IS NOT NULL))
   )`,
  // One at a time, so that "the current replay" means something.
  `CREATE UNIQUE INDEX replay_admission_current ON replay_admission ((true))
     WHERE state IN ('opening', 'open')`,
  // What became of each event of a replay. One that a repair finds known leaves no other trace.
  `CREATE TABLE replay_receipt (
     replay_id uuid NOT NULL,
     event_id uuid NOT NULL,
     institution_id uuid NOT NULL,
     outcome text NOT NULL CHECK (outcome IN ('applied', 'early', 'skipped', 'missed')),
     PRIMARY KEY (replay_id, event_id)
   )`,
  // What may be rebuilt. Filled by migrations of the service; its own role only reads it.
  `CREATE TABLE rebuildable_table (
     projection text NOT NULL,
     table_name text NOT NULL,
     position int NOT NULL,
     version_column text,
     PRIMARY KEY (projection, table_name)
   )`,
];

function rowSecurity(table: string): string[] {
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
  ];
}

function policies(): string[] {
  const either = `${OWN_INSTITUTION} OR ${IS_MESSAGING}`;
  return [
    ...rowSecurity('replay'),
    `CREATE POLICY replay_messaging ON replay USING (${IS_MESSAGING}) WITH CHECK (${IS_MESSAGING})`,
    ...rowSecurity('replay_admission'),
    // Every event's transaction asks whether its replay is admitted, whatever institution it is in.
    `CREATE POLICY replay_admission_read ON replay_admission FOR SELECT USING (true)`,
    `CREATE POLICY replay_admission_messaging ON replay_admission
       USING (${IS_MESSAGING}) WITH CHECK (${IS_MESSAGING})`,
    ...rowSecurity('replay_receipt'),
    `CREATE POLICY replay_receipt_institution ON replay_receipt
       USING (${either}) WITH CHECK (${either})`,
  ];
}

/** The tables and functions of replays, for a migration that runs after messagingMigration's. */
export function replayMigration(appRole: string = ROLE_PLACE): { up: string[]; down: string[] } {
  if (appRole !== ROLE_PLACE && !/^[a-z_][a-z0-9_]*$/.test(appRole)) {
    throw new Error(`"${appRole}" is not a plain role name.`);
  }
  return {
    up: [
      ...REPLAY,
      ...ADMISSION,
      ...policies(),
      ...SHADOW_COPY_FUNCTIONS,
      ...SHADOW_FUNCTIONS.map((sql) => sql.replaceAll(ROLE_PLACE, appRole)),
      `GRANT SELECT, INSERT, UPDATE ON replay TO ${appRole}`,
      `GRANT SELECT, INSERT, UPDATE ON replay_admission TO ${appRole}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON replay_receipt TO ${appRole}`,
      `GRANT SELECT ON rebuildable_table TO ${appRole}`,
      ...shadowFunctionGrants(appRole),
    ],
    down: [
      `DROP FUNCTION IF EXISTS replay_drop_shadow(uuid)`,
      `DROP FUNCTION IF EXISTS replay_swap(uuid)`,
      `DROP FUNCTION IF EXISTS replay_prepare_swap(uuid)`,
      `DROP FUNCTION IF EXISTS replay_compare(uuid)`,
      `DROP FUNCTION IF EXISTS replay_make_shadow(uuid)`,
      `DROP FUNCTION IF EXISTS replay_clone_keys(text, text, text[])`,
      `DROP FUNCTION IF EXISTS replay_clone_access(text, text)`,
      `DROP FUNCTION IF EXISTS replay_clone_partitions(text, text)`,
      `DROP FUNCTION IF EXISTS replay_clone_table(text, text)`,
      `DROP FUNCTION IF EXISTS replay_check_tables(text[])`,
      `DROP FUNCTION IF EXISTS replay_family(text, text)`,
      `DROP FUNCTION IF EXISTS replay_primary_key(text)`,
      `DROP FUNCTION IF EXISTS replay_schema(text, uuid)`,
      `DROP TABLE IF EXISTS rebuildable_table`,
      `DROP TABLE IF EXISTS replay_receipt`,
      `DROP TABLE IF EXISTS replay_admission`,
      `DROP TABLE IF EXISTS replay`,
    ],
  };
}

/** One projection of a service that can be rebuilt from events. */
export interface RebuildableTable {
  name: string;
  /** The column in which the service counts its own changes of a row; a swap never lowers it. */
  versionColumn?: string;
}

/**
 * Statements for the service's own migration: these tables may be rebuilt under that name. The
 * owner of the tables, whom row-level security binds too, sees their rows in the functions of
 * replays alone.
 */
export function rebuildableTables(
  projection: string,
  tables: readonly RebuildableTable[],
): string[] {
  return tables.flatMap(({ name, versionColumn }, position) => {
    for (const one of [projection, name, versionColumn ?? 'version']) {
      if (!/^[a-z_][a-z0-9_]*$/.test(one)) throw new Error(`"${one}" is not a plain name.`);
    }
    const column = versionColumn === undefined ? 'NULL' : `'${versionColumn}'`;
    return [
      `INSERT INTO rebuildable_table (projection, table_name, position, version_column)
       VALUES ('${projection}', '${name}', ${position}, ${column})`,
      `CREATE POLICY rebuild ON ${name} TO CURRENT_USER
         USING (current_setting('app.rebuild', true) = 'on')
         WITH CHECK (current_setting('app.rebuild', true) = 'on')`,
    ];
  });
}
