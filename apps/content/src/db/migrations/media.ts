import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Files of items: what each is, and whether it has arrived. The bytes lie in S3. */
export const media: SqlMigration = {
  name: 'Media1795000000005',
  up: [
    `CREATE TABLE media (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       sha256 text COLLATE "C" NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
       media_type text NOT NULL,
       bytes integer NOT NULL CHECK (bytes > 0),
       is_ready boolean NOT NULL,
       uploaded_by uuid NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, sha256))`,
    ...tenantTable('media', 'SELECT, INSERT, UPDATE'),
  ],
  down: [`DROP TABLE media`],
};
