/** Days of partitions that exist ahead of today. */
const DAYS_AHEAD = 7;
/** Sent events stay this long, for replay and for on-call. */
const OUTBOX_DAYS = 30;
/**
 * How long an event is known as applied. At least the retention of a queue (4) and of its
 * dead-letter queue (14), with room; an older event cannot be redriven.
 */
export const INBOX_DAYS = 45;

/**
 * Makes the coming day partitions and drops the old ones. It runs as the owner of the tables, for
 * the service's role owns none. An outbox partition with unsent events is never dropped.
 *
 * A partition is made beside the table and attached, because that takes a weaker lock than making
 * it in place, and because rows that fell into the default partition can be moved into it first.
 */
export function partitionFunction(): string[] {
  return [
    ADD_PARTITION,
    DROP_PARTITIONS,
    MAINTAIN,
    // Functions are executable by everybody unless said otherwise.
    `REVOKE ALL ON FUNCTION messaging_add_partition(text, text, date) FROM PUBLIC`,
    `REVOKE ALL ON FUNCTION messaging_drop_partitions(text, date, boolean) FROM PUBLIC`,
    `REVOKE ALL ON FUNCTION maintain_messaging_partitions(int, int, int) FROM PUBLIC`,
  ];
}

export const PARTITION_FUNCTION_DROP = [
  `DROP FUNCTION IF EXISTS maintain_messaging_partitions(int, int, int)`,
  `DROP FUNCTION IF EXISTS messaging_drop_partitions(text, date, boolean)`,
  `DROP FUNCTION IF EXISTS messaging_add_partition(text, text, date)`,
];

const ADD_PARTITION = `
CREATE FUNCTION messaging_add_partition(parent text, day_column text, day date) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  child text := format('%s_p%s', parent, to_char(day, 'YYYYMMDD'));
  columns text;
BEGIN
  IF to_regclass(child) IS NOT NULL THEN RETURN false; END IF;
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
    FROM pg_attribute
   WHERE attrelid = parent::regclass AND attnum > 0 AND NOT attisdropped;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                 child, parent);
  EXECUTE format(
    'WITH moved AS (DELETE FROM %1$I WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING %5$s)
     INSERT INTO %6$I (%5$s) SELECT %5$s FROM moved',
    parent || '_default', day_column, day, day + 1, columns, child);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 parent, child, day, day + 1);
  RETURN true;
END $$`;

const DROP_PARTITIONS = `
CREATE FUNCTION messaging_drop_partitions(parent text, before date, keep_unsent boolean)
RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  child text;
  unsent boolean := false;
  dropped integer := 0;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = parent::regclass
       AND c.relname ~ ('^' || parent || '_p[0-9]{8}$')
       AND to_date(right(c.relname, 8), 'YYYYMMDD') < before
  LOOP
    IF keep_unsent THEN
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE published_at IS NULL)', child)
         INTO unsent;
    END IF;
    CONTINUE WHEN unsent;
    EXECUTE format('DROP TABLE %I', child);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$`;

const MAINTAIN = `
CREATE FUNCTION maintain_messaging_partitions(
  days_ahead int DEFAULT ${DAYS_AHEAD},
  outbox_days int DEFAULT ${OUTBOX_DAYS},
  inbox_days int DEFAULT ${INBOX_DAYS}
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  day date;
  changed integer := 0;
  was text := current_setting('app.messaging', true);
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('messaging partitions', 0)) THEN
    RETURN 0;
  END IF;
  -- Only a superuser may write this setting into the function's definition.
  PERFORM set_config('app.messaging', 'on', true);
  FOR day IN SELECT current_date + n FROM generate_series(-1, days_ahead) AS n LOOP
    changed := changed + messaging_add_partition('outbox', 'created_at', day)::int;
    changed := changed + messaging_add_partition('inbox', 'event_day', day)::int;
  END LOOP;
  changed := changed + messaging_drop_partitions('outbox', current_date - outbox_days, true);
  changed := changed + messaging_drop_partitions('inbox', current_date - inbox_days, false);
  PERFORM set_config('app.messaging', coalesce(was, ''), true);
  RETURN changed;
END $$`;
