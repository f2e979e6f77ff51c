import type { SqlMigration } from '@parlance/platform';

/** Several editions of a series, each in use as long as it is live. */
export const editions: SqlMigration = {
  name: 'Editions1795000000007',
  up: [
    `ALTER TABLE series
       ADD COLUMN edition text NOT NULL DEFAULT '',
       ADD COLUMN status text NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'archived')),
       ADD COLUMN family_id uuid,
       ADD COLUMN cefr_levels text[] NOT NULL DEFAULT '{}',
       ADD COLUMN skills text[] NOT NULL DEFAULT '{}'`,
    `CREATE UNIQUE INDEX series_edition
       ON series (institution_id, (coalesce(family_id, id)), edition)`,
  ],
  down: [
    `DROP INDEX series_edition`,
    `ALTER TABLE series DROP COLUMN edition, DROP COLUMN status, DROP COLUMN family_id,
       DROP COLUMN cefr_levels, DROP COLUMN skills`,
  ],
};
