import { monthlyPartitions, type SqlMigration, tenantTable } from '@parlance/platform';

/**
 * Kept as the answers are: by the day in the attempt's id, so that all of an attempt lies in one
 * partition, and without a foreign key, as a try is inserted under the lock of its attempt. A
 * result is a row of its own, so that neither is ever changed.
 */
const TRIES = [
  `CREATE TABLE item_try (
     institution_id uuid NOT NULL,
     attempt_id uuid NOT NULL,
     attempt_on date NOT NULL,
     slot smallint NOT NULL,
     number smallint NOT NULL CHECK (number >= 1),
     id uuid NOT NULL,
     sequence bigint NOT NULL,
     responses jsonb NOT NULL,
     tried_at timestamptz NOT NULL,
     device_id text,
     device_time timestamptz,
     PRIMARY KEY (institution_id, attempt_id, slot, number, attempt_on)
   ) PARTITION BY RANGE (attempt_on)`,
  `CREATE TABLE item_try_result (
     institution_id uuid NOT NULL,
     attempt_id uuid NOT NULL,
     attempt_on date NOT NULL,
     slot smallint NOT NULL,
     number smallint NOT NULL,
     completed boolean NOT NULL,
     tries_counted smallint NOT NULL,
     feedback jsonb NOT NULL,
     points numeric(14, 6),
     points_possible numeric(14, 6),
     scored_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, attempt_id, slot, number, attempt_on)
   ) PARTITION BY RANGE (attempt_on)`,
];

const TABLES = ['item_try', 'item_try_result'];

export const itemTries: SqlMigration = {
  name: 'ItemTries1764400000000',
  up: [
    ...TRIES,
    ...TABLES.flatMap((table) => tenantTable(table, 'SELECT, INSERT')),
    ...TABLES.flatMap((table) => monthlyPartitions(table)),
  ],
  down: TABLES.toReversed().flatMap((table) => [
    `DROP TABLE ${table}`,
    `DELETE FROM partition_plan WHERE parent = '${table}'`,
  ]),
};
