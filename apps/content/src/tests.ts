import { Injectable } from '@nestjs/common';
import type { TestStructure } from '@parlance/assessment';
import { type Id, notFound, type Page, pageOf } from '@parlance/kernel';
import { type Actor, Database } from '@parlance/platform';
import { TestStore } from './db/test.store.js';
import type { TestRow } from './db/test.store.js';
import { idCursor } from './domain/cursor.js';

/** Tests as teachers choose them for an assignment. */
@Injectable()
export class Tests {
  constructor(
    private readonly database: Database,
    private readonly store: TestStore,
  ) {}

  async list(
    actor: Actor,
    query: { search?: string; limit: number; cursor?: string },
  ): Promise<Page<TestRow>> {
    const after = idCursor(query.cursor);
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.list(tx, query.search, after, query.limit),
    );
    return pageOf(rows, query.limit, (row) => [row.id]);
  }

  async get(actor: Actor, id: Id): Promise<TestRow & { structure: TestStructure }> {
    const test = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.find(tx, id),
    );
    if (test === undefined) throw notFound('test');
    return test;
  }
}
