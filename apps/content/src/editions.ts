import { Injectable } from '@nestjs/common';
import { type Id, newId, notFound, Refusal, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once } from '@parlance/platform';
import { OutlineCopyStore } from './db/outline-copy.store.js';
import { type SeriesRow, SeriesStore } from './db/series.store.js';
import type { Level } from './domain/outline.js';
import { titleOf } from './domain/titles.js';

/** Most parts a copy may have: it is made in one transaction. */
const MAX_PARTS = 20_000;

const LEVELS: readonly Level[] = ['course', 'unit', 'lesson', 'activity'];

/** Editions of a series: copies that go their own way from then on. */
@Injectable()
export class Editions {
  constructor(
    private readonly database: Database,
    private readonly series: SeriesStore,
    private readonly parts: OutlineCopyStore,
  ) {}

  /** A live copy of a series with all its courses; the tests in it are the same ones. */
  async copy(
    actor: Actor,
    id: Id,
    body: { edition: string; title?: string },
    key?: string,
  ): Promise<SeriesRow> {
    const edition = storableText(body.edition).trim();
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: `copy-series:${id}`, body }, async () => {
        const original = await this.series.find(tx, id);
        if (original === undefined) throw notFound('series');
        // Whoever copies any of the editions waits here, so that two never take one label.
        await this.series.lock(tx, original.familyId);
        const title = titleOf(body.title ?? original.title);
        const copy = { ...original, id: newId(), title, edition, version: 1 };
        const live = { ...copy, status: 'live' as const };
        if (await this.series.editionExists(tx, live)) throw editionTaken();
        await this.series.insert(tx, live);
        await this.copyParts(tx, id, live.id);
        return live;
      }),
    );
  }

  private async copyParts(tx: Tx, from: Id, to: Id): Promise<void> {
    let copies = new Map([[from, to]]);
    let count = 0;
    for (const level of LEVELS) {
      const ids = await this.parts.children(tx, level, [...copies.keys()]);
      count += ids.length;
      if (count > MAX_PARTS) {
        const detail = `A series of more than ${MAX_PARTS} parts cannot be copied.`;
        throw new Refusal('unprocessable', 'too-many-parts', detail);
      }
      copies = await this.parts.copy(tx, level, ids, copies);
    }
  }
}

export function editionTaken(): Refusal {
  const detail = 'The series has this edition already.';
  return new Refusal('conflict', 'edition-exists', detail, [
    { pointer: '/edition', detail: 'must differ from those of the other editions' },
  ]);
}
