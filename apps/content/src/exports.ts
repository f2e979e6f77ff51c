import { Injectable } from '@nestjs/common';
import { isSection, type TestMember } from '@parlance/assessment';
import { type Id, newId, notFound, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, mediaKey, ObjectStore, once } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { ExportStore } from './db/export.store.js';
import type { WholeItemVersion, WholeTestVersion } from './db/export.store.js';
import { MediaStore } from './db/media.store.js';
import type { ExportFormat, ExportReport } from './domain/package-reports.js';
import { writePackage } from './qti/index.js';
import type { ExportVersion, MediaSource } from './qti/index.js';
import { mediaBytesIn } from './qti/writing/media-bytes.js';

export interface ExportRequest {
  format: ExportFormat;
  testId?: Id | undefined;
  items?: { itemId: Id; versionNumber?: number | undefined }[] | undefined;
}

/** Most bytes of pictures and sounds in one package; it is put together in memory. */
export const MAX_MEDIA_BYTES = 100 * 1024 * 1024;

/** Most items of one package. */
export const MAX_EXPORTED_ITEMS = 500;

interface Contents {
  items: WholeItemVersion[];
  test: WholeTestVersion | undefined;
}

/** Takes items and tests out as QTI packages. A package holds keys, so each one is on record. */
@Injectable()
export class Exports {
  constructor(
    private readonly database: Database,
    private readonly store: ExportStore,
    private readonly media: MediaStore,
    private readonly objects: ObjectStore,
  ) {}

  /** Settles what the package will hold, and says what QTI cannot. */
  async create(actor: Actor, request: ExportRequest, key?: string): Promise<ExportReport> {
    const { institutionId, personId: actorId } = actor;
    const [contents, ready] = await this.database.inInstitution(institutionId, async (tx) => {
      const found = await this.contentsOf(tx, request);
      return [found, await this.media.ready(tx, [...mediaBytesIn(found.items).keys()])] as const;
    });
    refuseTooLarge(contents);
    const present = new Uint8Array(0);
    const { files } = await write(request.format, contents, (sha256) =>
      Promise.resolve(ready.has(sha256) ? present : null),
    );
    return this.database.inInstitution(institutionId, (tx) =>
      once(tx, { actor, key, operation: 'export', body: { ...request } }, async () => {
        const report: ExportReport = {
          id: newId(),
          createdAt: new Date().toISOString(),
          format: request.format,
          ...(contents.test === undefined ? {} : { testVersionId: contents.test.testVersionId }),
          files,
        };
        await this.store.insert(tx, report, { actorId, traceId: currentTraceId() ?? null });
        return report;
      }),
    );
  }

  async get(actor: Actor, id: Id): Promise<ExportReport> {
    const report = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.find(tx, id),
    );
    if (report === undefined) throw notFound('export');
    return report;
  }

  /** The package itself. Versions never change, so it is made when it is asked for. */
  async package(actor: Actor, id: Id): Promise<Buffer> {
    const report = await this.get(actor, id);
    const { institutionId } = actor;
    const ids = report.files.flatMap(({ itemVersionId }) => itemVersionId ?? []) as Id[];
    const contents = await this.database.inInstitution(institutionId, async (tx) => {
      await this.store.addDownload(tx, id, actor.personId);
      const { testVersionId } = report;
      const test =
        testVersionId === undefined ? undefined : await this.store.testVersion(tx, testVersionId);
      return { items: await this.itemsOf(tx, ids), test };
    });
    const { zip } = await write(report.format, contents, async (sha256) => {
      const key = mediaKey(institutionId, sha256);
      if ((await this.objects.head(key)) === undefined) return null;
      const chunks: Buffer[] = [];
      for await (const chunk of await this.objects.get(key)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    });
    return zip;
  }

  private async contentsOf(tx: Tx, { testId, items = [] }: ExportRequest): Promise<Contents> {
    if ((testId === undefined) === (items.length === 0)) {
      const detail = 'Name either a test or items, and not both.';
      throw new Refusal('unprocessable', 'export-of-nothing', detail);
    }
    const test = testId === undefined ? undefined : await this.store.latestTest(tx, testId);
    if (testId !== undefined && test === undefined) throw notFound('test');
    const ids = test?.structure.sections.flatMap(itemVersionsIn) as Id[] | undefined;
    return { items: await this.itemsOf(tx, ids ?? (await this.versionsOf(tx, items))), test };
  }

  private async versionsOf(tx: Tx, items: NonNullable<ExportRequest['items']>): Promise<Id[]> {
    const ids: Id[] = [];
    for (const { itemId, versionNumber } of items) {
      const id = await this.store.itemVersionId(tx, itemId, versionNumber);
      if (id === undefined) throw notFound('item version');
      ids.push(id);
    }
    return ids;
  }

  /** In the order asked for, each once. */
  private async itemsOf(tx: Tx, ids: readonly Id[]): Promise<WholeItemVersion[]> {
    const unique = [...new Set(ids)];
    if (unique.length > MAX_EXPORTED_ITEMS) {
      const detail = `A package holds at most ${MAX_EXPORTED_ITEMS} items.`;
      throw new Refusal('unprocessable', 'too-many-items', detail);
    }
    const found = await this.store.itemVersions(tx, unique);
    const byId = new Map(found.map((one) => [one.itemVersionId, one]));
    return unique.flatMap((id) => byId.get(id) ?? []);
  }
}

function itemVersionsIn(member: TestMember): string[] {
  return isSection(member) ? member.items.flatMap(itemVersionsIn) : [member.itemVersionId];
}

function refuseTooLarge({ items }: Contents): void {
  const bytes = [...mediaBytesIn(items).values()].reduce((sum, one) => sum + one, 0);
  if (bytes <= MAX_MEDIA_BYTES) return;
  const detail = 'The pictures and sounds of these items are too large for one package.';
  throw new Refusal('unprocessable', 'package-too-large', detail);
}

function write(format: ExportFormat, { items, test }: Contents, mediaOf: MediaSource) {
  const version = format.slice('qti-'.length) as ExportVersion;
  const { timeLimitSeconds, ...about } = test ?? { timeLimitSeconds: null };
  const limit = timeLimitSeconds === null ? {} : { timeLimitSeconds };
  const written = 'structure' in about ? { test: { ...about, ...limit } } : {};
  return writePackage({ version, items, ...written }, mediaOf);
}
