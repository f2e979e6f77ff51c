/**
 * What the service may do to its tables during a rebuild. The functions run as the owner of the
 * tables and take nothing but the id of a replay: which tables, and in which schemas, follows from
 * its admission and from `rebuildable_table`, which the service's role cannot write.
 */
const HEAD = `LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp`;

/** Waits for locks end soon: who waits for a table makes everybody after him wait. */
const BRIEF = `${HEAD} SET lock_timeout = '250ms'`;

/** Transactions that apply events during a replay hold it shared; changes of its state alone. */
export const REPLAY_LOCK = `hashtextextended('replay admission', 0)`;

const SCHEMA_NAME = `
CREATE FUNCTION replay_schema(kind text, replay uuid) RETURNS text LANGUAGE sql IMMUTABLE
RETURN kind || '_' || replace(replay::text, '-', '')`;

const PRIMARY_KEY = `
CREATE FUNCTION replay_primary_key(name text) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY AS k(attnum, place),
                 pg_attribute a
           WHERE c.conrelid = format('public.%I', name)::regclass AND c.contype = 'p'
             AND a.attrelid = c.conrelid AND a.attnum = k.attnum);
END $$`;

const MAKE = `
CREATE FUNCTION replay_make_shadow(replay uuid) RETURNS text ${BRIEF} AS $$
DECLARE
  of_projection text;
  names text[];
  name text;
  target text := public.replay_schema('rebuild', replay);
BEGIN
  SELECT projection INTO of_projection FROM public.replay_admission
   WHERE replay_id = replay AND mode = 'rebuild' AND state = 'opening';
  SELECT array_agg(table_name ORDER BY position) INTO names
    FROM public.rebuildable_table WHERE projection = of_projection;
  IF names IS NULL THEN
    RAISE EXCEPTION 'The replay % is no rebuild that is being opened.', replay;
  END IF;
  PERFORM public.replay_check_tables(names);
  EXECUTE format('CREATE SCHEMA %I', target);
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO :app_role', target);
  names := names || 'projection_version'::text;
  FOREACH name IN ARRAY names LOOP
    PERFORM public.replay_clone_table(target, name);
  END LOOP;
  FOREACH name IN ARRAY names LOOP
    PERFORM public.replay_clone_keys(target, name, names);
  END LOOP;
  RETURN target;
END $$`;

/** Examples name keys and columns, never values: those are the learners'. */
const COMPARE = `
CREATE FUNCTION replay_compare(replay uuid) RETURNS TABLE (
  table_name text, live_rows bigint, shadow_rows bigint, missing bigint, surplus bigint,
  differing bigint, examples jsonb
) ${HEAD} AS $$
DECLARE
  target text := public.replay_schema('rebuild', replay);
  keys text[];
  columns text[];
  joined text;
  differs text;
  one text;
BEGIN
  PERFORM set_config('app.rebuild', 'on', true);
  FOR table_name IN
    SELECT r.table_name FROM public.rebuildable_table r
      JOIN public.replay_admission a ON a.projection = r.projection
     WHERE a.replay_id = replay AND a.state = 'open' ORDER BY r.position
  LOOP
    keys := public.replay_primary_key(table_name);
    SELECT array_agg(attname::text ORDER BY attnum) INTO columns FROM pg_attribute
     WHERE attrelid = format('public.%I', table_name)::regclass AND attnum > 0
       AND NOT attisdropped AND attname <> ALL (keys);
    joined := format('public.%1$I l FULL JOIN %2$I.%1$I s USING (%3$s)', table_name, target,
      (SELECT string_agg(quote_ident(k), ', ') FROM unnest(keys) k));
    differs := coalesce((SELECT string_agg(format('l.%1$I IS DISTINCT FROM s.%1$I', c), ' OR ')
                           FROM unnest(columns) c), 'false');
    EXECUTE format(
      'SELECT count(l.tableoid), count(s.tableoid), count(*) FILTER (WHERE s.tableoid IS NULL),
              count(*) FILTER (WHERE l.tableoid IS NULL),
              count(*) FILTER (WHERE l.tableoid IS NOT NULL AND s.tableoid IS NOT NULL AND (%s))
         FROM %s', differs, joined)
      INTO live_rows, shadow_rows, missing, surplus, differing;
    one := format(
      'SELECT jsonb_build_object(
                ''key'', jsonb_build_object(%s),
                ''is'', CASE WHEN s.tableoid IS NULL THEN ''missing''
                             WHEN l.tableoid IS NULL THEN ''surplus'' ELSE ''differing'' END,
                ''columns'', CASE WHEN l.tableoid IS NOT NULL AND s.tableoid IS NOT NULL
                                  THEN to_jsonb(array_remove(ARRAY[%s]::text[], NULL)) END) AS one
         FROM %s',
      (SELECT string_agg(format('%L, %I', k, k), ', ') FROM unnest(keys) k),
      (SELECT string_agg(format('CASE WHEN l.%1$I IS DISTINCT FROM s.%1$I THEN %1$L END', c), ', ')
         FROM unnest(columns) c),
      joined);
    EXECUTE format(
      'SELECT coalesce(jsonb_agg(one), ''[]'') FROM (
         (%1$s WHERE l.tableoid IS NOT NULL AND s.tableoid IS NOT NULL AND (%2$s) LIMIT 5)
         UNION ALL (%1$s WHERE l.tableoid IS NULL OR s.tableoid IS NULL LIMIT 5)) e',
      one, differs)
      INTO examples;
    RETURN NEXT;
  END LOOP;
END $$`;

/**
 * What takes its time and needs no lock that anybody notices: the counts of a service's own
 * changes are lifted to those it has already told, as a lower one would be stale to its consumers;
 * and the planner learns of the new rows.
 */
const PREPARE = `
CREATE FUNCTION replay_prepare_swap(replay uuid) RETURNS bigint ${HEAD} AS $$
DECLARE
  target text := public.replay_schema('rebuild', replay);
  part record;
  lifted bigint := 0;
  changed bigint;
BEGIN
  PERFORM set_config('app.rebuild', 'on', true);
  FOR part IN
    SELECT r.table_name, r.version_column FROM public.rebuildable_table r
      JOIN public.replay_admission a ON a.projection = r.projection
     WHERE a.replay_id = replay AND a.state = 'open' ORDER BY r.position
  LOOP
    IF part.version_column IS NOT NULL THEN
      EXECUTE format(
        'UPDATE %1$I.%2$I s SET %3$I = l.%3$I FROM public.%2$I l
          WHERE (%4$s) = (%5$s) AND s.%3$I < l.%3$I', target, part.table_name, part.version_column,
        (SELECT string_agg(format('s.%I', k), ', ')
           FROM unnest(public.replay_primary_key(part.table_name)) k),
        (SELECT string_agg(format('l.%I', k), ', ')
           FROM unnest(public.replay_primary_key(part.table_name)) k));
      GET DIAGNOSTICS changed = ROW_COUNT;
      lifted := lifted + changed;
    END IF;
    EXECUTE format('ANALYZE %I.%I', target, part.table_name);
  END LOOP;
  RETURN lifted;
END $$`;

const SWAP = `
CREATE FUNCTION replay_swap(replay uuid) RETURNS void ${BRIEF} AS $$
DECLARE
  admitted record;
  names text[];
  name text;
  part text;
  target text := public.replay_schema('rebuild', replay);
  retired text := public.replay_schema('retired', replay);
BEGIN
  PERFORM set_config('app.messaging', 'on', true);
  -- After this no transaction is between its live and its shadow write.
  PERFORM pg_advisory_xact_lock(${REPLAY_LOCK});
  SELECT projection, types INTO admitted FROM public.replay_admission
   WHERE replay_id = replay AND mode = 'rebuild' AND state = 'open';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The replay % is no rebuild that is open.', replay;
  END IF;
  SELECT array_agg(table_name ORDER BY position) INTO names
    FROM public.rebuildable_table WHERE projection = admitted.projection;
  FOREACH name IN ARRAY names LOOP
    PERFORM public.replay_clone_partitions(target, name);
  END LOOP;
  EXECUTE 'LOCK TABLE ' || (SELECT string_agg(format('public.%I', n), ', ') FROM unnest(names) n)
          || ' IN ACCESS EXCLUSIVE MODE';
  EXECUTE format('CREATE SCHEMA %I', retired);
  FOREACH name IN ARRAY names LOOP
    FOREACH part IN ARRAY public.replay_family('public', name) LOOP
      EXECUTE format('ALTER TABLE public.%I SET SCHEMA %I', part, retired);
    END LOOP;
    FOREACH part IN ARRAY public.replay_family(target, name) LOOP
      EXECUTE format('ALTER TABLE %I.%I SET SCHEMA public', target, part);
    END LOOP;
  END LOOP;
  DELETE FROM public.projection_version WHERE type = ANY (admitted.types);
  EXECUTE format('INSERT INTO public.projection_version
                  SELECT * FROM %I.projection_version WHERE type = ANY ($1)', target)
    USING admitted.types;
  EXECUTE format('DROP TABLE %I.projection_version', target);
  EXECUTE format('DROP SCHEMA %I', target);
  UPDATE public.replay_admission SET state = 'swapped', closed_at = clock_timestamp()
   WHERE replay_id = replay;
END $$`;

/** A table and its partitions, which change schema one by one. */
const FAMILY = `
CREATE FUNCTION replay_family(home text, name text) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN ARRAY[name] || ARRAY(
    SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = format('%I.%I', home, name)::regclass ORDER BY c.relname);
END $$`;

/** Without CASCADE: whatever still depends on the tables is a reason not to drop them. */
const DROP = `
CREATE FUNCTION replay_drop_shadow(replay uuid) RETURNS void ${BRIEF} AS $$
DECLARE
  target text;
  tables text;
BEGIN
  SELECT public.replay_schema(CASE state WHEN 'cancelled' THEN 'rebuild' ELSE 'retired' END, replay)
    INTO target FROM public.replay_admission
   WHERE replay_id = replay AND mode = 'rebuild' AND state IN ('cancelled', 'swapped');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The replay % has no tables to drop.', replay;
  END IF;
  IF to_regnamespace(target) IS NULL THEN RETURN; END IF;
  SELECT string_agg(format('%I.%I', target, c.relname), ', ') INTO tables
    FROM pg_class c
   WHERE c.relnamespace = target::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition;
  IF tables IS NOT NULL THEN EXECUTE 'DROP TABLE ' || tables; END IF;
  EXECUTE format('DROP SCHEMA %I', target);
END $$`;

export const SHADOW_FUNCTIONS = [
  SCHEMA_NAME,
  PRIMARY_KEY,
  FAMILY,
  MAKE,
  COMPARE,
  PREPARE,
  SWAP,
  DROP,
];

const OPERATIONS = [
  'replay_make_shadow(uuid)',
  'replay_compare(uuid)',
  'replay_prepare_swap(uuid)',
  'replay_swap(uuid)',
  'replay_drop_shadow(uuid)',
];

export function shadowFunctionGrants(appRole: string): string[] {
  const inner = ['replay_primary_key(text)', 'replay_family(text, text)'];
  return [
    ...[...OPERATIONS, ...inner].map((name) => `REVOKE ALL ON FUNCTION ${name} FROM PUBLIC`),
    ...OPERATIONS.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO ${appRole}`),
  ];
}
