import { APP_ROLE, type SqlMigration } from '@parlance/platform';

/** Tables partitioned by the day on which their rows arrived. */
const TABLES = ['span', 'span_link', 'log_line'];

/**
 * Makes the partitions of today and the next two days and drops those older than `retention_days`
 * full days. It runs as the owner of the tables, for the service's role owns none. The day of
 * arrival decides, so a sender's odd clock can neither fill nor empty another day.
 */
const MAINTAIN = `
CREATE FUNCTION maintain_telemetry(retention_days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '3s' AS $$
DECLARE
  parent text;
  child text;
  day date;
  changed int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('maintain_telemetry'));
  FOREACH parent IN ARRAY ARRAY[${TABLES.map((table) => `'${table}'`).join(', ')}] LOOP
    FOR ahead IN 0..2 LOOP
      day := current_date + ahead;
      child := parent || to_char(day, '"_p"YYYYMMDD');
      CONTINUE WHEN to_regclass(child) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                     child, parent, day, day + 1);
      changed := changed + 1;
    END LOOP;
    FOR child IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = parent::regclass
         AND c.relname ~ ('^' || parent || '_p[0-9]{8}$')
         AND to_date(right(c.relname, 8), 'YYYYMMDD') < current_date - retention_days
    LOOP
      EXECUTE format('DROP TABLE %I', child);
      changed := changed + 1;
    END LOOP;
  END LOOP;
  RETURN changed;
END $$`;

export const oncallMigration: SqlMigration = {
  name: 'Oncall1700000000100',
  up: [
    `CREATE TABLE span (
       received_at timestamptz NOT NULL DEFAULT now(),
       trace_id uuid NOT NULL,
       span_id text NOT NULL,
       parent_id text,
       service text NOT NULL,
       name text NOT NULL,
       kind smallint NOT NULL,
       status smallint NOT NULL,
       start_at timestamptz NOT NULL,
       duration_us bigint NOT NULL,
       attributes jsonb NOT NULL,
       links jsonb
     ) PARTITION BY RANGE (received_at)`,
    `CREATE INDEX span_trace ON span (trace_id)`,
    // Where a request or a message enters a service: what the list of recent traces is made of.
    `CREATE INDEX span_entry ON span (received_at) WHERE kind IN (1, 4)`,
    `CREATE INDEX span_error ON span (received_at) WHERE status = 2`,
    // Which spans of other traces (publish, receive, delete) say that they belong to a trace.
    `CREATE TABLE span_link (
       received_at timestamptz NOT NULL DEFAULT now(),
       linked_trace_id uuid NOT NULL,
       trace_id uuid NOT NULL
     ) PARTITION BY RANGE (received_at)`,
    `CREATE INDEX span_link_linked ON span_link (linked_trace_id)`,
    `CREATE TABLE log_line (
       received_at timestamptz NOT NULL DEFAULT now(),
       trace_id uuid,
       span_id text,
       service text NOT NULL,
       at timestamptz NOT NULL,
       level text NOT NULL,
       message text NOT NULL,
       attributes jsonb NOT NULL
     ) PARTITION BY RANGE (received_at)`,
    `CREATE INDEX log_line_trace ON log_line (trace_id) WHERE trace_id IS NOT NULL`,
    ...TABLES.map((table) => `GRANT SELECT, INSERT ON ${table} TO ${APP_ROLE}`),
    MAINTAIN,
    `REVOKE ALL ON FUNCTION maintain_telemetry(int) FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION maintain_telemetry(int) TO ${APP_ROLE}`,
    `SELECT maintain_telemetry(3)`,
  ],
  down: [
    `DROP FUNCTION maintain_telemetry(int)`,
    ...TABLES.toReversed().map((table) => `DROP TABLE ${table}`),
  ],
};
