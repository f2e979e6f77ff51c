import { type SqlMigration, tenantTable } from '@parlance/platform';

/** What every level of a course has. `position` counts from 1 among the rows of one parent. */
function level(table: string, parent: string, more = ''): string[] {
  return [
    `CREATE TABLE ${table} (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       ${parent}_id uuid NOT NULL,
       title text NOT NULL,
       position integer NOT NULL CHECK (position > 0),
       cefr_level text CHECK (cefr_level IN ('pre-A1', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2')),
       skills text[] NOT NULL DEFAULT '{}',
       version integer NOT NULL DEFAULT 1,
       created_at timestamptz NOT NULL DEFAULT now(),
       ${more}
       PRIMARY KEY (institution_id, id),
       FOREIGN KEY (institution_id, ${parent}_id) REFERENCES ${parent},
       UNIQUE (institution_id, ${parent}_id, position) DEFERRABLE INITIALLY DEFERRED)`,
    ...tenantTable(table, 'SELECT, INSERT, UPDATE'),
  ];
}

/** Series > course > unit > lesson > activity. */
export const courseOutline: SqlMigration = {
  name: 'CourseOutline1795000000002',
  up: [
    `CREATE TABLE series (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       id uuid NOT NULL,
       title text NOT NULL,
       version integer NOT NULL DEFAULT 1,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, id))`,
    ...tenantTable('series', 'SELECT, INSERT, UPDATE'),
    ...level('course', 'series'),
    ...level('unit', 'course'),
    ...level('lesson', 'unit'),
    ...level(
      'activity',
      'lesson',
      `mode text NOT NULL CHECK (mode IN ('self', 'live', 'in-class', 'paper')),
       test_id uuid,
       FOREIGN KEY (institution_id, test_id) REFERENCES test,`,
    ),
    `CREATE INDEX activity_test ON activity (institution_id, test_id) WHERE test_id IS NOT NULL`,
  ],
  down: ['activity', 'lesson', 'unit', 'course', 'series'].map((table) => `DROP TABLE ${table}`),
};
