import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Packages that were made of the bank, and who fetched them: with each, keys leave the house. */
export const qtiExports: SqlMigration = {
  name: 'QtiExports1795000000020',
  up: [
    `CREATE TABLE export (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       actor_id uuid NOT NULL,
       report jsonb NOT NULL,
       trace_id text,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id))`,
    `CREATE INDEX export_trace ON export (trace_id)`,
    `CREATE TABLE export_download (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       export_id uuid NOT NULL,
       actor_id uuid NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id),
       FOREIGN KEY (institution_id, export_id) REFERENCES export)`,
    `CREATE INDEX export_download_export ON export_download (institution_id, export_id)`,
    ...tenantTable('export', 'SELECT, INSERT'),
    ...tenantTable('export_download', 'SELECT, INSERT'),
  ],
  down: [`DROP TABLE export_download`, `DROP TABLE export`],
};
