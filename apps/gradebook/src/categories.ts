import { Injectable } from '@nestjs/common';
import { type Id, Refusal, storableText } from '@parlance/kernel';
import { type Actor, Database, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { ColumnStore, type VersionedCategories } from './db/column.store.js';
import type { CategoryPolicy } from './domain/totals.js';
import { Gradebooks } from './gradebooks.js';

/** How the categories of a class count towards its totals. */
@Injectable()
export class Categories {
  constructor(
    private readonly database: Database,
    private readonly store: ColumnStore,
    private readonly gradebooks: Gradebooks,
  ) {}

  read(actor: Actor, classId: Id): Promise<VersionedCategories> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.gradebooks.requireTeacher(tx, actor, classId);
      return this.store.categories(tx, classId);
    });
  }

  /** Replaces them all; the sets before stay readable in the database. */
  replace(
    actor: Actor,
    classId: Id,
    seen: number,
    given: CategoryPolicy[],
  ): Promise<VersionedCategories> {
    const categories = given.map((one) => ({ ...one, name: storableText(one.name) }));
    requireDistinct(categories);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.gradebooks.requireTeacher(tx, actor, classId);
      const { version } = await this.store.categories(tx, classId);
      requireVersion(seen, version);
      const next = { version: version + 1, categories };
      const traceId = currentTraceId() ?? null;
      const origin = { actorId: actor.personId, traceId, at: new Date() };
      // Of two writers who saw the same version, the key lets one in; the other is told.
      if (!(await this.store.addCategories(tx, classId, next, origin))) {
        requireVersion(seen, version + 1);
      }
      return next;
    });
  }
}

function requireDistinct(categories: readonly CategoryPolicy[]): void {
  const seen = new Set<string>();
  const faults = categories.flatMap(({ name }, index) => {
    const isTaken = seen.has(name);
    seen.add(name);
    return isTaken ? [{ pointer: `/categories/${index}/name`, detail: 'is there twice' }] : [];
  });
  if (faults.length === 0) return;
  throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', faults);
}
