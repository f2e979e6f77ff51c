import { rebuildableTables } from '@parlance/messaging';
import type { SqlMigration } from '@parlance/platform';
import { CELL_TABLES } from '../rebuilds.js';

/** What is made of events alone may be made anew of them, beside the tables in use. */
export const rebuildableCells: SqlMigration = {
  name: 'RebuildableCells1764000000000',
  up: rebuildableTables('cells', CELL_TABLES),
  down: [
    ...CELL_TABLES.map(({ name }) => `DROP POLICY rebuild ON ${name}`),
    `DELETE FROM rebuildable_table WHERE projection = 'cells'`,
  ],
};
