import { Injectable } from '@nestjs/common';
import { type LevelMapping, type Rubric, rubricFaults } from '@parlance/assessment';
import { type Id, newId, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import { type Actor, Database, once } from '@parlance/platform';
import { idIn } from './access.js';
import { RubricStore, type RubricVersion } from './db/rubric.store.js';

/** Rubrics of an institution. A version is never changed: an edit is the next one. */
@Injectable()
export class Rubrics {
  constructor(
    private readonly database: Database,
    private readonly store: RubricStore,
  ) {}

  create(actor: Actor, body: Rubric, key: string | undefined): Promise<RubricVersion> {
    requireSound(body);
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'create-rubric', body }, async () => {
        const rubricId = newId();
        await this.store.create(tx, rubricId, actor.personId);
        const version = versionOf(actor, rubricId, 1, body, {});
        await this.store.addVersion(tx, version);
        return version;
      }),
    );
  }

  edit(
    actor: Actor,
    rubricId: Id,
    edit: { body: Rubric; mapping: LevelMapping },
    key: string | undefined,
  ): Promise<RubricVersion> {
    requireSound(edit.body);
    const request = { actor, key, operation: `edit-rubric:${rubricId}`, body: edit };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const latest = await this.store.lockLatest(tx, rubricId);
        if (latest === null) throw notFound('rubric');
        const version = versionOf(actor, rubricId, latest + 1, edit.body, edit.mapping);
        await this.store.addVersion(tx, version);
        return version;
      }),
    );
  }

  read(actor: Actor, rubricId: Id): Promise<{ items: RubricVersion[] }> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const items = await this.store.versions(tx, rubricId);
      if (items.length === 0) throw notFound('rubric');
      return { items };
    });
  }

  list(actor: Actor, page: { limit: number; cursor?: string }): Promise<Page<RubricVersion>> {
    const after = page.cursor === undefined ? null : idIn(page.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const rows = await this.store.list(tx, { after, limit: page.limit + 1 });
      return pageOf(rows, page.limit, ({ rubricId }) => [rubricId]);
    });
  }
}

function versionOf(
  actor: Actor,
  rubricId: Id,
  version: number,
  body: Rubric,
  mapping: LevelMapping,
): RubricVersion {
  const createdAt = new Date();
  return { id: newId(), rubricId, version, body, mapping, createdBy: actor.personId, createdAt };
}

function requireSound(rubric: Rubric): void {
  const faults = rubricFaults(rubric);
  if (faults.length === 0) return;
  throw new Refusal('invalid', 'invalid-rubric', 'Marks could not be made with it.', faults);
}
