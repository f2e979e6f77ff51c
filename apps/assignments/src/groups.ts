import { Inject, Injectable } from '@nestjs/common';
import { type Clock, type Id, newId, notFound, Refusal, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { Announcements } from './announcements.js';
import { CLOCK } from './clock.js';
import { type Group, GroupStore } from './db/group.store.js';
import { Rosters } from './rosters.js';

/** Groups of learners within a class, made by its teachers. */
@Injectable()
export class Groups {
  constructor(
    private readonly database: Database,
    private readonly store: GroupStore,
    private readonly rosters: Rosters,
    private readonly announcements: Announcements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    actor: Actor,
    given: Pick<Group, 'classId' | 'name' | 'learnerIds'>,
    key: string | undefined,
  ): Promise<Group> {
    const request = { actor, key, operation: 'create-group', body: given };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        await this.rosters.requireActiveClassOf(tx, actor, given.classId);
        return this.put(tx, actor, { ...given, id: newId(), version: 1 });
      }),
    );
  }

  async ofClass(actor: Actor, classId: Id): Promise<Group[]> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.rosters.requireTeacherOf(tx, actor, classId);
      return this.store.ofClass(tx, actor.institutionId, classId);
    });
  }

  /** Whoever is in it or out of it now has the dates that follow from that at once. */
  async replace(
    actor: Actor,
    id: Id,
    given: Pick<Group, 'name' | 'learnerIds'>,
    seen: number,
  ): Promise<Group> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const known = await this.lock(tx, actor, id);
      requireVersion(seen, known.version);
      const next = { ...known, ...given, version: known.version + 1 };
      const group = await this.put(tx, actor, next);
      for (const assignmentId of await this.store.usedBy(tx, actor.institutionId, id)) {
        await this.announcements.changed(tx, actor.institutionId, assignmentId);
      }
      return group;
    });
  }

  async remove(actor: Actor, id: Id): Promise<void> {
    await this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.lock(tx, actor, id);
      const users = await this.store.usedBy(tx, actor.institutionId, id);
      if (users.length > 0) {
        const detail = `${users.length} assignments name this group; change those first.`;
        throw new Refusal('conflict', 'group-in-use', detail);
      }
      await this.store.remove(tx, actor.institutionId, id);
    });
  }

  /** Refuses ids that are no group of the class. */
  async requireOfClass(tx: Tx, institutionId: Id, classId: Id, ids: readonly Id[]): Promise<void> {
    const distinct = new Set(ids);
    if (distinct.size === 0) return;
    if ((await this.store.count(tx, institutionId, classId, [...distinct])) === distinct.size)
      return;
    const fault = { pointer: '/groupIds', detail: 'must be groups of this class' };
    throw new Refusal('unprocessable', 'no-such-group', 'A group is not one of this class.', [
      fault,
    ]);
  }

  private async lock(tx: Tx, actor: Actor, id: Id): Promise<Group> {
    const group = await this.store.lock(tx, actor.institutionId, id);
    if (group === undefined) throw notFound('group');
    await this.rosters.requireTeacherOf(tx, actor, group.classId, 'group');
    return group;
  }

  private async put(tx: Tx, actor: Actor, given: Group): Promise<Group> {
    const { institutionId, personId } = actor;
    const learnerIds = [...new Set(given.learnerIds)];
    await this.rosters.requireLearnersOf(tx, institutionId, given.classId, learnerIds);
    const group = { ...given, learnerIds, name: storableText(given.name) };
    await this.store.put(tx, institutionId, group, { actorId: personId, at: this.clock.now() });
    return group;
  }
}
