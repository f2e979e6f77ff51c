import { Injectable } from '@nestjs/common';
import {
  type Id,
  newId,
  notFound,
  type Page,
  pageOf,
  Refusal,
  storableText,
} from '@parlance/kernel';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { SeriesStore } from './db/series.store.js';
import type { SeriesRow } from './db/series.store.js';
import { idCursor } from './domain/cursor.js';
import {
  type CefrLevel,
  levelSet,
  type SeriesStatus,
  type Skill,
  skillSet,
} from './domain/tags.js';
import { titleOf } from './domain/titles.js';
import { editionTaken } from './editions.js';

export interface NewSeries {
  title: string;
  edition?: string;
  cefrLevels?: CefrLevel[];
  skills?: Skill[];
}

/** Fields left out stay. */
export type SeriesPatch = Partial<NewSeries> & { status?: SeriesStatus };

/** Series of courses, such as a publisher's graded course books. */
@Injectable()
export class SeriesCatalogue {
  constructor(
    private readonly database: Database,
    private readonly store: SeriesStore,
  ) {}

  async create(actor: Actor, body: NewSeries, key?: string): Promise<SeriesRow> {
    const title = titleOf(body.title);
    const edition = storableText(body.edition ?? '').trim();
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'create-series', body }, async () => {
        const id = newId();
        const series: SeriesRow = {
          ...{ id, familyId: id, title, edition, status: 'live', version: 1 },
          cefrLevels: levelSet(body.cefrLevels ?? []),
          skills: skillSet(body.skills ?? []),
        };
        await this.store.insert(tx, series);
        return series;
      }),
    );
  }

  async list(
    actor: Actor,
    query: { status?: SeriesStatus; familyId?: Id; limit: number; cursor?: string },
  ): Promise<Page<SeriesRow>> {
    const after = idCursor(query.cursor);
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.list(tx, query, after, query.limit),
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

  async change(actor: Actor, id: Id, seen: number, patch: SeriesPatch): Promise<SeriesRow> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const series = await this.store.lock(tx, id);
      if (series === undefined) throw notFound('series');
      requireVersion(seen, series.version);
      const isLive = (patch.status ?? series.status) === 'live';
      const isOnlyStatus = Object.entries(patch).every(
        ([name, value]) => name === 'status' || value === undefined,
      );
      if (series.status === 'archived' && !isLive && !isOnlyStatus) throw seriesArchived();
      const changed: SeriesRow = {
        ...series,
        title: titleOf(patch.title ?? series.title),
        edition: storableText(patch.edition ?? series.edition).trim(),
        status: patch.status ?? series.status,
        cefrLevels: levelSet(patch.cefrLevels ?? series.cefrLevels),
        skills: skillSet(patch.skills ?? series.skills),
        version: series.version + 1,
      };
      if (changed.edition !== series.edition) {
        await this.store.lock(tx, series.familyId);
        if (await this.store.editionExists(tx, changed)) throw editionTaken();
      }
      await this.store.update(tx, changed);
      return changed;
    });
  }
}

export function seriesArchived(): Refusal {
  const detail = 'The series is archived and stays as it is; make it live again to change it.';
  return new Refusal('conflict', 'series-archived', detail);
}
