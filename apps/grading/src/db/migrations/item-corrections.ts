import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Which item versions were found to be at fault, and which ones mend them. */
export const itemCorrections: SqlMigration = {
  name: 'ItemCorrections1760000000100',
  up: [
    `CREATE TABLE item_correction (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       old_item_version_id uuid NOT NULL,
       new_item_version_id uuid NOT NULL,
       item_id uuid NOT NULL,
       reason text NOT NULL,
       actor_id uuid NOT NULL,
       told_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, old_item_version_id, new_item_version_id))`,
    ...tenantTable('item_correction', 'SELECT, INSERT'),
  ],
  down: [`DROP TABLE item_correction`],
};
