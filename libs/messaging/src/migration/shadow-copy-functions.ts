/**
 * How a table gets a copy of itself, without rows, in another schema: with the names its
 * constraints and indexes have, so that after a swap the copy is the table in every respect.
 *
 * None of these can be called by the service's role; the functions of shadow-functions.ts call
 * them with names from `rebuildable_table`. An empty search path makes PostgreSQL write out the
 * schema of everything it prints back, and there is nothing to be led astray by.
 */
const HEAD = `LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp`;

/** Refuses, with a sentence, tables of which a copy would not be the same or not take their place. */
const CHECK = `
CREATE FUNCTION replay_check_tables(names text[]) RETURNS void ${HEAD} AS $$
DECLARE
  source regclass;
  name text;
  other text;
BEGIN
  FOREACH name IN ARRAY names LOOP
    source := to_regclass(format('public.%I', name));
    IF source IS NULL THEN
      RAISE EXCEPTION 'There is no table %.', name;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = source AND contype = 'p') THEN
      RAISE EXCEPTION 'The table % has no primary key to compare rows by.', name;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = source AND NOT tgisinternal) THEN
      RAISE EXCEPTION 'The table % has triggers, which a shadow would not have.', name;
    END IF;
    -- A sequence of a serial column would be dropped with the table it belongs to.
    IF EXISTS (SELECT 1 FROM pg_depend WHERE refobjid = source AND deptype = 'a'
                AND classid = 'pg_class'::regclass AND objid IN
                  (SELECT oid FROM pg_class WHERE relkind = 'S')) THEN
      RAISE EXCEPTION 'The table % has a serial column; use an identity column.', name;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = source AND c.relkind <> 'r') THEN
      RAISE EXCEPTION 'The table % has partitions of partitions.', name;
    END IF;
    SELECT conrelid::regclass::text INTO other FROM pg_constraint
     WHERE contype = 'f' AND confrelid = source AND conparentid = 0
       AND conrelid NOT IN (SELECT format('public.%I', n)::regclass FROM unnest(names) n)
     LIMIT 1;
    IF other IS NOT NULL THEN
      RAISE EXCEPTION 'The table % refers to %, but is not rebuilt with it.', other, name;
    END IF;
    SELECT r.ev_class::regclass::text INTO other
      FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
     WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = source LIMIT 1;
    IF other IS NOT NULL THEN
      RAISE EXCEPTION 'The view % reads %, and would go on reading the retired table.', other, name;
    END IF;
  END LOOP;
END $$`;

const CLONE_TABLE = `
CREATE FUNCTION replay_clone_table(target text, name text) RETURNS void ${HEAD} AS $$
DECLARE
  source regclass := format('public.%I', name)::regclass;
  shadow text := format('%I.%I', target, name);
  own record;
  part record;
BEGIN
  SELECT relkind, reloptions INTO own FROM pg_class WHERE oid = source;
  EXECUTE format('CREATE TABLE %s (LIKE public.%I INCLUDING ALL EXCLUDING INDEXES)%s%s',
    shadow, name,
    CASE WHEN own.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(source) END,
    ' WITH (' || array_to_string(own.reloptions, ', ') || ')');
  PERFORM public.replay_clone_partitions(target, name);
  -- The order of the oids is the order in which they were made.
  FOR part IN SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
               WHERE conrelid = source AND contype IN ('p', 'u', 'x') AND conparentid = 0
               ORDER BY oid LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', shadow, part.conname, part.definition);
  END LOOP;
  FOR part IN SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
               WHERE i.indrelid = source AND NOT EXISTS (
                 SELECT 1 FROM pg_constraint c
                  WHERE c.conindid = i.indexrelid AND c.conrelid = source
                    AND c.contype IN ('p', 'u', 'x'))
               ORDER BY i.indexrelid LOOP
    EXECUTE regexp_replace(part.definition, ' ON (ONLY )?\\S+ USING ',
                           format(' ON %s USING ', shadow));
  END LOOP;
  PERFORM public.replay_clone_access(target, name);
END $$`;

/** Those partitions of a table that its shadow does not have yet. */
const CLONE_PARTITIONS = `
CREATE FUNCTION replay_clone_partitions(target text, name text) RETURNS void ${HEAD} AS $$
DECLARE
  part record;
BEGIN
  FOR part IN SELECT c.relname, c.reloptions, pg_get_expr(c.relpartbound, c.oid) AS bound
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = format('public.%I', name)::regclass
                 AND to_regclass(format('%I.%I', target, c.relname)) IS NULL
               ORDER BY c.relname LOOP
    EXECUTE format('CREATE TABLE %I.%I PARTITION OF %I.%I %s%s', target, part.relname, target,
      name, part.bound, ' WITH (' || array_to_string(part.reloptions, ', ') || ')');
  END LOOP;
END $$`;

const CLONE_ACCESS = `
CREATE FUNCTION replay_clone_access(target text, name text) RETURNS void ${HEAD} AS $$
DECLARE
  source regclass := format('public.%I', name)::regclass;
  shadow text := format('%I.%I', target, name);
  own record;
  part record;
BEGIN
  SELECT relacl, relowner, relrowsecurity, relforcerowsecurity INTO own
    FROM pg_class WHERE oid = source;
  -- First the security, then the way in.
  IF own.relrowsecurity THEN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', shadow);
  END IF;
  IF own.relforcerowsecurity THEN
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', shadow);
  END IF;
  FOR part IN
    SELECT p.polname, p.polpermissive,
           CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                         WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
           (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC'
                                   ELSE quote_ident(pg_get_userbyid(r)) END, ', ')
              FROM unnest(p.polroles) r) AS roles,
           pg_get_expr(p.polqual, source) AS condition,
           pg_get_expr(p.polwithcheck, source) AS for_new
      FROM pg_policy p WHERE p.polrelid = source LOOP
    EXECUTE format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', part.polname, shadow,
      CASE WHEN part.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
      part.command, part.roles,
      ' USING (' || part.condition || ')', ' WITH CHECK (' || part.for_new || ')');
  END LOOP;
  FOR part IN SELECT a.privilege_type AS privilege,
                     CASE WHEN a.grantee = 0 THEN 'PUBLIC'
                          ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
                FROM aclexplode(own.relacl) a WHERE a.grantee <> own.relowner LOOP
    EXECUTE format('GRANT %s ON %s TO %s', part.privilege, shadow, part.grantee);
  END LOOP;
END $$`;

/** Foreign keys, once all tables are there: among the shadows where both ends are rebuilt. */
const CLONE_KEYS = `
CREATE FUNCTION replay_clone_keys(target text, name text, names text[]) RETURNS void ${HEAD} AS $$
DECLARE
  part record;
  definition text;
BEGIN
  FOR part IN SELECT con.conname, pg_get_constraintdef(con.oid) AS definition, c.relname AS other
                FROM pg_constraint con JOIN pg_class c ON c.oid = con.confrelid
               WHERE con.conrelid = format('public.%I', name)::regclass
                 AND con.contype = 'f' AND con.conparentid = 0
               ORDER BY con.oid LOOP
    definition := part.definition;
    IF part.other = ANY (names) THEN
      definition := replace(definition, format(' REFERENCES public.%I(', part.other),
                            format(' REFERENCES %I.%I(', target, part.other));
    END IF;
    EXECUTE format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', target, name, part.conname,
                   definition);
  END LOOP;
END $$`;

export const SHADOW_COPY_FUNCTIONS = [
  CHECK,
  CLONE_PARTITIONS,
  CLONE_ACCESS,
  CLONE_TABLE,
  CLONE_KEYS,
  ...[
    'replay_check_tables(text[])',
    'replay_clone_partitions(text, text)',
    'replay_clone_access(text, text)',
    'replay_clone_table(text, text)',
    'replay_clone_keys(text, text, text[])',
  ].map((name) => `REVOKE ALL ON FUNCTION ${name} FROM PUBLIC`),
];
