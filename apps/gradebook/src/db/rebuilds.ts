import {
  AssignmentPublished,
  AttemptReopened,
  AttemptScored,
  AttemptsRescored,
  ClassChanged,
  EnrolmentChanged,
  PersonChanged,
} from '@parlance/events';
import type { RebuildableTable } from '@parlance/messaging';

/**
 * What follows from events alone. Not the categories' weights: teachers set them here. A cell's
 * version counts changes that were told to others, so a rebuild may not lower it.
 */
export const CELL_TABLES: readonly RebuildableTable[] = [
  { name: 'person' },
  { name: 'class' },
  { name: 'enrolment' },
  { name: 'grade_column' },
  { name: 'cell', versionColumn: 'version' },
  { name: 'cell_history' },
];

export const rebuilds = {
  cells: {
    tables: CELL_TABLES.map(({ name }) => name),
    types: [
      PersonChanged,
      ClassChanged,
      EnrolmentChanged,
      AssignmentPublished,
      AttemptScored,
      AttemptsRescored,
      AttemptReopened,
    ].map(({ type }): string => type),
  },
};
