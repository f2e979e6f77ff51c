/**
 * SQL that every service's migrations are made of. The migration role owns the tables and the
 * application role only uses them, so row-level security binds it, forced or not.
 */

/** Replaced by the name of the service's application role when a migration runs. */
export const APP_ROLE = ':app_role';

/** Row-level security and grants of one table that has a column `institution_id`. */
export function tenantTable(table: string, grants = 'SELECT, INSERT, UPDATE, DELETE'): string[] {
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY institution ON ${table}
       USING (institution_id = app_institution()) WITH CHECK (institution_id = app_institution())`,
    `GRANT ${grants} ON ${table} TO ${APP_ROLE}`,
  ];
}

/**
 * Monthly partitions of a table declared PARTITION BY RANGE on a date or timestamp: this month's
 * and the coming ones now, later ones by `maintain_partitions()`. A default partition takes what
 * lies outside, so that an odd clock loses nothing.
 */
export function monthlyPartitions(table: string): string[] {
  return [
    `CREATE TABLE ${table}_default PARTITION OF ${table} DEFAULT`,
    `INSERT INTO partition_plan (parent) VALUES ('${table}')`,
    `SELECT maintain_partitions()`,
  ];
}

export const PLATFORM_UP: string[] = [
  `GRANT USAGE ON SCHEMA public TO ${APP_ROLE}`,
  `CREATE FUNCTION app_institution() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
     RETURN nullif(current_setting('app.institution', true), '')::uuid`,
  `CREATE TABLE partition_plan (parent text PRIMARY KEY)`,
  `CREATE FUNCTION maintain_partitions() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
     SET search_path = public AS $$
   DECLARE plan record; month date; part text;
   BEGIN
     PERFORM pg_advisory_xact_lock(hashtext('maintain_partitions'));
     FOR plan IN SELECT parent FROM partition_plan LOOP
       FOR ahead IN 0..3 LOOP
         month := date_trunc('month', now() AT TIME ZONE 'UTC')::date + make_interval(months => ahead);
         part := plan.parent || to_char(month, '_YYYY_MM');
         IF to_regclass(part) IS NULL THEN
           EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
             part, plan.parent, month, month + make_interval(months => 1));
         END IF;
       END LOOP;
     END LOOP;
   END $$`,
  `REVOKE ALL ON FUNCTION maintain_partitions() FROM PUBLIC`,
  `GRANT EXECUTE ON FUNCTION maintain_partitions() TO ${APP_ROLE}`,
  `CREATE TABLE idempotency_key (
     institution_id uuid NOT NULL,
     actor_id uuid NOT NULL,
     operation text NOT NULL,
     key text NOT NULL,
     request_hash text NOT NULL,
     response jsonb,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (institution_id, actor_id, operation, key))`,
  ...tenantTable('idempotency_key'),
];

export const PLATFORM_DOWN: string[] = [
  'DROP TABLE idempotency_key',
  'DROP FUNCTION maintain_partitions()',
  'DROP TABLE partition_plan',
  'DROP FUNCTION app_institution()',
];
