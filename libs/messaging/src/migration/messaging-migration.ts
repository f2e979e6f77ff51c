import { partitionFunction, PARTITION_FUNCTION_DROP } from './partition-function.js';

/** Shards of the outbox: each has one owner at a time, so a key is never sent by two relays. */
export const SHARDS = 16;

/** The place of the role's name for whoever substitutes it later. */
const ROLE_PLACE = ':app_role';

const OUTBOX = [
  `CREATE TABLE outbox (
     id bigint GENERATED ALWAYS AS IDENTITY,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     event_id uuid NOT NULL,
     institution_id uuid NOT NULL,
     trace_id text,
     topic text NOT NULL,
     type text NOT NULL,
     agg_key text NOT NULL,
     agg_version bigint NOT NULL,
     shard smallint NOT NULL,
     envelope jsonb NOT NULL,
     headers jsonb NOT NULL,
     attempts int NOT NULL DEFAULT 0,
     available_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     published_at timestamptz,
     failed_at timestamptz,
     last_error text,
     PRIMARY KEY (id, created_at)
   ) PARTITION BY RANGE (created_at)`,
  `CREATE INDEX outbox_pending ON outbox (shard, id)
     WHERE published_at IS NULL AND failed_at IS NULL`,
  // Few rows: events that were tried in vain, which hold back the later ones of their key.
  `CREATE INDEX outbox_held ON outbox (shard, agg_key, id)
     WHERE published_at IS NULL AND attempts > 0`,
  `CREATE INDEX outbox_trace ON outbox (trace_id)`,
  `CREATE TABLE outbox_default PARTITION OF outbox DEFAULT`,
  `CREATE TABLE outbox_shard (
     shard smallint PRIMARY KEY,
     owner text,
     token bigint NOT NULL DEFAULT 0,
     lease_until timestamptz
   )`,
  `INSERT INTO outbox_shard (shard) SELECT generate_series(0, ${SHARDS - 1})`,
  // Who relays now, so that the relays can share the shards evenly.
  `CREATE TABLE outbox_relay (owner text PRIMARY KEY, seen_until timestamptz NOT NULL)`,
];

const INBOX = [
  // The day comes from the event's own id: it is the same on every delivery, so a late duplicate
  // meets the first one in the same partition.
  `CREATE TABLE inbox (
     consumer text NOT NULL,
     event_id uuid NOT NULL,
     event_day date NOT NULL,
     replay_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
     institution_id uuid NOT NULL,
     trace_id text,
     type text NOT NULL,
     receive_count int NOT NULL DEFAULT 1,
     processed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     PRIMARY KEY (consumer, event_id, event_day, replay_id)
   ) PARTITION BY RANGE (event_day)`,
  `CREATE INDEX inbox_trace ON inbox (trace_id)`,
  `CREATE TABLE inbox_default PARTITION OF inbox DEFAULT`,
  `CREATE TABLE projection_version (
     institution_id uuid NOT NULL
       DEFAULT nullif(current_setting('app.institution', true), '')::uuid,
     consumer text NOT NULL,
     type text NOT NULL,
     subject uuid NOT NULL,
     version bigint NOT NULL,
     PRIMARY KEY (institution_id, consumer, type, subject)
   )`,
];

const OWN_INSTITUTION =
  "institution_id = nullif(current_setting('app.institution', true), '')::uuid";
const IS_MESSAGING = `current_setting('app.messaging', true) = 'on'`;

function rowSecurity(table: string, condition: string): string[] {
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY ${table}_institution ON ${table} USING (${condition}) WITH CHECK (${condition})`,
  ];
}

/**
 * The tables of messaging as statements for the service's own migration, run by the role that owns
 * the schema. `appRole` is the role the service works as; by default the text `:app_role`, for a
 * runner that substitutes it.
 */
export function messagingMigration(appRole: string = ROLE_PLACE): { up: string[]; down: string[] } {
  if (appRole !== ROLE_PLACE && !/^[a-z_][a-z0-9_]*$/.test(appRole)) {
    throw new Error(`"${appRole}" is not a plain role name.`);
  }
  const either = `${OWN_INSTITUTION} OR ${IS_MESSAGING}`;
  return {
    up: [
      ...OUTBOX,
      ...INBOX,
      ...rowSecurity('outbox', either),
      ...rowSecurity('inbox', either),
      ...rowSecurity('projection_version', either),
      ...partitionFunction(),
      `SELECT maintain_messaging_partitions()`,
      `GRANT SELECT, INSERT, UPDATE ON outbox TO ${appRole}`,
      `GRANT SELECT, INSERT ON inbox TO ${appRole}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON projection_version TO ${appRole}`,
      `GRANT SELECT, UPDATE ON outbox_shard TO ${appRole}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_relay TO ${appRole}`,
      `GRANT EXECUTE ON FUNCTION maintain_messaging_partitions(int, int, int) TO ${appRole}`,
    ],
    down: [
      ...PARTITION_FUNCTION_DROP,
      `DROP TABLE IF EXISTS outbox`,
      `DROP TABLE IF EXISTS outbox_shard`,
      `DROP TABLE IF EXISTS outbox_relay`,
      `DROP TABLE IF EXISTS inbox`,
      `DROP TABLE IF EXISTS projection_version`,
    ],
  };
}
