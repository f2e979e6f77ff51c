import { Injectable } from '@nestjs/common';
import {
  decodeCursor,
  type Id,
  newId,
  notFound,
  type Page,
  pageOf,
  Refusal,
} from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole, once, requireVersion } from '@parlance/platform';
import { Announcements } from './announcements.js';
import {
  findClass,
  insertClass,
  listClasses,
  lockClass,
  type SchoolClass,
  type SeenClass,
  updateClass,
} from './db/class.store.js';
import { type Enrolment, saveEnrolments } from './db/enrolment.store.js';
import { cleanName } from './domain/names.js';
import { viewerOf } from './domain/viewer.js';

/** The classes of an institution. */
@Injectable()
export class Classes {
  constructor(
    private readonly database: Database,
    private readonly announcements: Announcements,
  ) {}

  /** A teacher who makes a class teaches it. */
  async create(actor: Actor, name: string, key: string | undefined): Promise<SchoolClass> {
    const { institutionId, personId } = actor;
    return this.database.inInstitution(institutionId, (tx) =>
      once(tx, { actor, key, operation: 'create-class', body: { name } }, async () => {
        const id = newId();
        const made: SchoolClass = {
          id,
          name: cleanName(name, '/name'),
          status: 'active',
          version: 1,
        };
        await insertClass(tx, institutionId, made);
        await this.announcements.schoolClass(tx, institutionId, made);
        if (!hasRole(actor, 'admin')) {
          const own: Enrolment = {
            id: newId(),
            classId: id,
            personId,
            role: 'teacher',
            status: 'active',
            version: 1,
          };
          await saveEnrolments(tx, institutionId, [own]);
          await this.announcements.enrolments(tx, institutionId, [own]);
        }
        return made;
      }),
    );
  }

  async get(actor: Actor, id: Id): Promise<SchoolClass> {
    return this.database.inInstitution(actor.institutionId, async (tx) =>
      shown(await this.load(tx, actor, id)),
    );
  }

  async list(actor: Actor, query: { cursor?: string; limit: number }): Promise<Page<SchoolClass>> {
    const after =
      query.cursor === undefined ? undefined : (decodeCursor(query.cursor, 2) as [string, Id]);
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      listClasses(tx, viewerOf(actor), after, query.limit + 1),
    );
    return pageOf(rows, query.limit, (row) => [row.name, row.id]);
  }

  async change(
    actor: Actor,
    id: Id,
    seenVersion: number,
    patch: { name?: string; status?: SchoolClass['status'] },
  ): Promise<SchoolClass> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const before = await this.lockToManage(tx, actor, id);
      requireVersion(seenVersion, before.version);
      const after: SchoolClass = {
        id,
        name: patch.name === undefined ? before.name : cleanName(patch.name, '/name'),
        status: patch.status ?? before.status,
        version: before.version + 1,
      };
      await updateClass(tx, institutionId, after);
      await this.announcements.schoolClass(tx, institutionId, after);
      return after;
    });
  }

  /** The class, if the actor may know of it. */
  async load(tx: Tx, actor: Actor, id: Id): Promise<SeenClass> {
    const found = await findClass(tx, viewerOf(actor), id);
    if (found === undefined) throw notFound('class');
    return found;
  }

  /** The class, locked, for an admin or one of its teachers. */
  async lockToManage(tx: Tx, actor: Actor, id: Id): Promise<SeenClass> {
    const found = await lockClass(tx, viewerOf(actor), id);
    if (found === undefined) throw notFound('class');
    if (hasRole(actor, 'admin') || (hasRole(actor, 'teacher') && found.taught)) return found;
    const detail = 'Only an admin or a teacher of this class may do this.';
    throw new Refusal('forbidden', 'role-required', detail);
  }
}

function shown({ id, name, status, version }: SchoolClass): SchoolClass {
  return { id, name, status, version };
}
