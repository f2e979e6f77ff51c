import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Id, newId, notFound } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { readItemTable } from './csv/read-items.js';
import { ImportStore } from './db/import.store.js';
import { canonicalJson } from './domain/canonical-json.js';
import type { FileReport, ImportReport } from './domain/package-reports.js';
import type { Published } from './domain/publication.js';
import { type ImportPlan, planImport } from './import-plan.js';
import { MediaFiles } from './media-files.js';
import { Publications } from './publications.js';
import { readPackage } from './qti/index.js';

/** Brings QTI packages into the item bank. */
@Injectable()
export class Imports {
  constructor(
    private readonly database: Database,
    private readonly store: ImportStore,
    private readonly publications: Publications,
    private readonly media: MediaFiles,
  ) {}

  /**
   * Imports a zip as a whole or not at all. Files that cannot be used are in the report and keep
   * nothing else back. The same package again gives the same versions and tells nobody.
   */
  async import(actor: Actor, zip: Buffer, key?: string): Promise<ImportReport> {
    const reading = await readPackage(zip);
    const plan = await planImport(reading);
    // A file nobody refers to does no harm, an item that refers to no file would.
    for (const { bytes, mediaType } of reading.media.values()) {
      await this.media.keep(actor, bytes, mediaType);
    }
    const body = { sha256: createHash('sha256').update(zip).digest('hex') };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'import', body }, () =>
        this.record(tx, actor, plan, reading.warnings),
      ),
    );
  }

  /** Imports simple items of a table, row by row, as a package's files are. */
  async importTable(actor: Actor, table: Buffer, key?: string): Promise<ImportReport> {
    const { items, files, warnings } = await readItemTable(table);
    const plan = await planImport({ items, files, test: null });
    const body = { sha256: createHash('sha256').update(table).digest('hex') };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'import', body }, () =>
        this.record(tx, actor, plan, warnings),
      ),
    );
  }

  async get(actor: Actor, id: Id): Promise<ImportReport> {
    const report = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.find(tx, id),
    );
    if (report === undefined) throw notFound('import');
    return report;
  }

  private async record(
    tx: Tx,
    actor: Actor,
    plan: ImportPlan,
    warnings: string[],
  ): Promise<ImportReport> {
    const id = newId();
    const traceId = currentTraceId() ?? null;
    const { institutionId, personId: actorId } = actor;
    const context = { importId: id, traceId, institutionId, actorId };
    const items = await this.publications.items(tx, plan.items, context);
    const test =
      plan.test === null
        ? undefined
        : await this.publications.test(tx, plan.test, worthOf(plan, items), context);
    const report = reportOf(id, plan, items, test);
    const stored = storable({ ...report, warnings, createdAt: new Date().toISOString() });
    await this.store.insert(tx, stored, { actorId: actor.personId, traceId });
    return stored;
  }
}

function worthOf(plan: ImportPlan, items: ReadonlyMap<string, Published>) {
  return new Map(
    plan.items.flatMap(({ file, pointsPossible }) => {
      const published = items.get(file);
      return published === undefined
        ? []
        : [[file, { versionId: published.versionId, pointsPossible }] as const];
    }),
  );
}

function reportOf(
  id: Id,
  plan: ImportPlan,
  items: ReadonlyMap<string, Published>,
  test: Published | undefined,
): Omit<ImportReport, 'createdAt' | 'warnings'> {
  const identifiers = new Map(plan.items.map((item) => [item.file, item.identifier]));
  const files = plan.files.map((file): FileReport => {
    if (file.outcome !== 'imported') return file;
    const identifier = identifiers.get(file.file);
    const item = items.get(file.file);
    if (identifier !== undefined && item !== undefined) {
      return { ...file, identifier, itemVersionId: item.versionId, change: item.change };
    }
    if (test === undefined || file.file !== plan.test?.file) return file;
    const { versionId: testVersionId, change } = test;
    return { ...file, identifier: plan.test.identifier, testVersionId, change };
  });
  return {
    id,
    ...(test === undefined ? {} : { testId: test.id, testVersionId: test.versionId }),
    items: {
      imported: items.size,
      refused: files.filter((file) => file.outcome === 'refused').length,
    },
    files,
  };
}

/** File names and warnings quote the package, and a zip may name a file anything. */
function storable(report: ImportReport): ImportReport {
  return JSON.parse(canonicalJson(report)) as ImportReport;
}
