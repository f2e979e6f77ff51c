import { Module } from '@nestjs/common';
import { objectStoreProvider, type ServiceDefinition } from '@parlance/platform';
import { BankPolicy } from './bank-policy.js';
import { TABLE_LIMITS } from './csv/read-table.js';
import { Blueprints } from './blueprints.js';
import { BuiltTests } from './built-tests.js';
import { BlueprintStore } from './db/blueprint.store.js';
import { DraftStore } from './db/draft.store.js';
import { ExportStore } from './db/export.store.js';
import { ImportStore } from './db/import.store.js';
import { ItemRecordStore } from './db/item-record.store.js';
import { ItemSearchStore } from './db/item-search.store.js';
import { ItemStore } from './db/item.store.js';
import { MediaStore } from './db/media.store.js';
import { authoredItems } from './db/migrations/authored-items.js';
import { blueprints } from './db/migrations/blueprints.js';
import { courseOutline } from './db/migrations/course-outline.js';
import { qtiExports } from './db/migrations/qti-exports.js';
import { editions } from './db/migrations/editions.js';
import { itemBank } from './db/migrations/item-bank.js';
import { itemSearch } from './db/migrations/item-search.js';
import { media } from './db/migrations/media.js';
import { OutlineCopyStore } from './db/outline-copy.store.js';
import { OutlineStore } from './db/outline.store.js';
import { PublicationStore } from './db/publication.store.js';
import { SeriesStore } from './db/series.store.js';
import { TestStore } from './db/test.store.js';
import { Drafts } from './drafts.js';
import { Editions } from './editions.js';
import { ActivitiesController } from './http/activities.controller.js';
import { BankPolicyController } from './http/bank-policy.controller.js';
import { BlueprintsController } from './http/blueprints.controller.js';
import { CoursesController } from './http/courses.controller.js';
import { DraftsController } from './http/drafts.controller.js';
import { ExportsController } from './http/exports.controller.js';
import { ImportsController } from './http/imports.controller.js';
import { ItemCommentsController } from './http/item-comments.controller.js';
import { ItemTagsController } from './http/item-tags.controller.js';
import { ItemWorkflowController } from './http/item-workflow.controller.js';
import { ItemsController } from './http/items.controller.js';
import { LessonsController } from './http/lessons.controller.js';
import { MediaController } from './http/media.controller.js';
import { SeriesController } from './http/series.controller.js';
import { TestsController } from './http/tests.controller.js';
import { UnitsController } from './http/units.controller.js';
import { Exports } from './exports.js';
import { Imports } from './imports.js';
import { ItemPublications } from './item-publications.js';
import { ItemReviews } from './item-reviews.js';
import { Items } from './items.js';
import { MediaFiles } from './media-files.js';
import { Outline } from './outline.js';
import { Publications } from './publications.js';
import { PACKAGE_LIMITS } from './qti/index.js';
import { SeriesCatalogue } from './series.js';
import { Tests } from './tests.js';

@Module({
  controllers: [
    ImportsController,
    ExportsController,
    ItemsController,
    DraftsController,
    ItemWorkflowController,
    ItemCommentsController,
    ItemTagsController,
    BankPolicyController,
    MediaController,
    BlueprintsController,
    TestsController,
    SeriesController,
    CoursesController,
    UnitsController,
    LessonsController,
    ActivitiesController,
  ],
  providers: [
    Imports,
    Exports,
    Items,
    Drafts,
    ItemReviews,
    ItemPublications,
    BankPolicy,
    MediaFiles,
    Blueprints,
    BuiltTests,
    objectStoreProvider,
    Tests,
    SeriesCatalogue,
    Outline,
    Editions,
    Publications,
    ImportStore,
    ExportStore,
    ItemStore,
    DraftStore,
    ItemRecordStore,
    ItemSearchStore,
    MediaStore,
    BlueprintStore,
    TestStore,
    SeriesStore,
    OutlineStore,
    OutlineCopyStore,
    PublicationStore,
  ],
})
export class ContentModule {}

export const content: ServiceDefinition = {
  name: 'content',
  title: 'Courses, item bank and tests',
  module: ContentModule,
  migrations: [
    ...[itemBank, courseOutline, authoredItems, itemSearch, media],
    ...[qtiExports, blueprints, editions],
  ],
  rawBodies: [
    { contentType: 'application/zip', maxBytes: PACKAGE_LIMITS.zipBytes },
    { contentType: 'text/csv', maxBytes: TABLE_LIMITS.bytes },
  ],
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
      noun: 'item step',
      sql: `SELECT id, item_id, step, status, actor_id, created_at FROM item_step
            WHERE trace_id = $1`,
    },
    {
      noun: 'test version',
      sql: `SELECT id, test_id, version_number, import_id, created_at FROM test_version
            WHERE trace_id = $1`,
    },
  ],
};
