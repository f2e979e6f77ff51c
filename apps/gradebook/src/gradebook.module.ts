import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@parlance/platform';
import { Categories } from './categories.js';
import { Cells } from './cells.js';
import { CellStore } from './db/cell.store.js';
import { ColumnStore } from './db/column.store.js';
import { gradebookTables } from './db/migrations/gradebook.js';
import { rebuildableCells } from './db/migrations/rebuildable-cells.js';
import { rebuilds } from './db/rebuilds.js';
import { RosterStore } from './db/roster.store.js';
import { OnAssignmentPublished } from './events/on-assignment-published.js';
import { OnAttemptReopened } from './events/on-attempt-reopened.js';
import { OnAttemptScored } from './events/on-attempt-scored.js';
import { OnAttemptsRescored } from './events/on-attempts-rescored.js';
import { OnClassChanged } from './events/on-class-changed.js';
import { OnEnrolmentChanged } from './events/on-enrolment-changed.js';
import { OnPersonChanged } from './events/on-person-changed.js';
import { Gradebooks } from './gradebooks.js';
import { GradebookController } from './http/gradebook.controller.js';
import { PoliciesController } from './http/policies.controller.js';
import { Excusals } from './excusals.js';
import { ExcusalStore } from './db/excusal.store.js';
import { Simulations } from './simulations.js';
import { gradePolicies } from './db/migrations/grade-policies.js';

@Module({
  controllers: [
    GradebookController,
    PoliciesController,
    OnPersonChanged,
    OnClassChanged,
    OnEnrolmentChanged,
    OnAssignmentPublished,
    OnAttemptReopened,
    OnAttemptScored,
    OnAttemptsRescored,
  ],
  providers: [
    Gradebooks,
    Categories,
    Cells,
    Excusals,
    Simulations,
    RosterStore,
    ColumnStore,
    CellStore,
    ExcusalStore,
  ],
})
export class GradebookModule {}

export const gradebook: ServiceDefinition = {
  name: 'gradebook',
  title: 'Parlance gradebook',
  module: GradebookModule,
  migrations: [gradebookTables, rebuildableCells, gradePolicies],
  rebuilds,
  traceRecords: [
    {
      noun: 'cell version',
      sql: `SELECT cell_id AS id, version, status, overridden, cause, actor_id, changed_at
            FROM cell_history WHERE trace_id = $1 ORDER BY changed_at`,
    },
  ],
};
