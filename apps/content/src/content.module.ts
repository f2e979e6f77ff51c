import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@parlance/platform';
import { ImportStore } from './db/import.store.js';
import { ItemStore } from './db/item.store.js';
import { courseOutline } from './db/migrations/course-outline.js';
import { itemBank } from './db/migrations/item-bank.js';
import { OutlineStore } from './db/outline.store.js';
import { PublicationStore } from './db/publication.store.js';
import { SeriesStore } from './db/series.store.js';
import { TestStore } from './db/test.store.js';
import { ActivitiesController } from './http/activities.controller.js';
import { CoursesController } from './http/courses.controller.js';
import { ImportsController } from './http/imports.controller.js';
import { ItemsController } from './http/items.controller.js';
import { LessonsController } from './http/lessons.controller.js';
import { SeriesController } from './http/series.controller.js';
import { TestsController } from './http/tests.controller.js';
import { UnitsController } from './http/units.controller.js';
import { Imports } from './imports.js';
import { Items } from './items.js';
import { Outline } from './outline.js';
import { Publications } from './publications.js';
import { PACKAGE_LIMITS } from './qti/index.js';
import { SeriesCatalogue } from './series.js';
import { Tests } from './tests.js';

@Module({
  controllers: [
    ImportsController,
    ItemsController,
    TestsController,
    SeriesController,
    CoursesController,
    UnitsController,
    LessonsController,
    ActivitiesController,
  ],
  providers: [
    Imports,
    Items,
    Tests,
    SeriesCatalogue,
    Outline,
    Publications,
    ImportStore,
    ItemStore,
    TestStore,
    SeriesStore,
    OutlineStore,
    PublicationStore,
  ],
})
export class ContentModule {}

export const content: ServiceDefinition = {
  name: 'content',
  title: 'Courses, item bank and tests',
  module: ContentModule,
  migrations: [itemBank, courseOutline],
  rawBodies: [{ contentType: 'application/zip', maxBytes: PACKAGE_LIMITS.zipBytes }],
  traceRecords: [
    {
      noun: 'import',
      sql: `SELECT id, actor_id, report->'items' AS items, created_at FROM import
            WHERE trace_id = $1`,
    },
    {
      noun: 'item version',
      sql: `SELECT id, item_id, version_number, import_id, created_at FROM item_version
            WHERE trace_id = $1`,
    },
    {
      noun: 'test version',
      sql: `SELECT id, test_id, version_number, import_id, created_at FROM test_version
            WHERE trace_id = $1`,
    },
  ],
};
