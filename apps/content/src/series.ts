import { Injectable } from '@nestjs/common';
import { type Id, newId, notFound, type Page, pageOf } from '@parlance/kernel';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { SeriesStore } from './db/series.store.js';
import type { SeriesRow } from './db/series.store.js';
import { idCursor } from './domain/cursor.js';
import { titleOf } from './domain/titles.js';

/** Series of courses, such as a publisher's graded course books. */
@Injectable()
export class SeriesCatalogue {
  constructor(
    private readonly database: Database,
    private readonly store: SeriesStore,
  ) {}

  async create(actor: Actor, body: { title: string }, key?: string): Promise<SeriesRow> {
    const title = titleOf(body.title);
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'create-series', body }, async () => {
        const series = { id: newId(), title, version: 1 };
        await this.store.insert(tx, series);
        return series;
      }),
    );
  }

  async list(actor: Actor, query: { limit: number; cursor?: string }): Promise<Page<SeriesRow>> {
    const after = idCursor(query.cursor);
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.list(tx, after, query.limit),
    );
    return pageOf(rows, query.limit, (row) => [row.id]);
  }

  async get(actor: Actor, id: Id): Promise<SeriesRow> {
    const series = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.find(tx, id),
    );
    if (series === undefined) throw notFound('series');
    return series;
  }

  async change(actor: Actor, id: Id, seen: number, patch: { title?: string }): Promise<SeriesRow> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const series = await this.store.lock(tx, id);
      if (series === undefined) throw notFound('series');
      requireVersion(seen, series.version);
      const title = titleOf(patch.title ?? series.title);
      const changed = { ...series, title, version: series.version + 1 };
      await this.store.update(tx, changed);
      return changed;
    });
  }
}
