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
import { type Actor, Database, hasRole, once } from '@parlance/platform';
import { Announcements } from './announcements.js';
import { Classes } from './classes.js';
import {
  type Enrolment,
  listEnrolments,
  lockEnrolment,
  lockEnrolments,
  type NamedEnrolment,
  saveEnrolments,
} from './db/enrolment.store.js';
import { findPeople, type Person } from './db/person.store.js';
import { viewerOf } from './domain/viewer.js';
import { EnrolmentRow } from './http/enrolments.dto.js';
import { type BulkResult, bulkResult, decideRows, readRow, refusedRow } from './rows.js';

type ClassRole = Enrolment['role'];

/** Who is in which class, as learner or as teacher. */
@Injectable()
export class Enrolments {
  constructor(
    private readonly database: Database,
    private readonly classes: Classes,
    private readonly announcements: Announcements,
  ) {}

  async create(
    actor: Actor,
    classId: Id,
    row: EnrolmentRow,
    key: string | undefined,
  ): Promise<Enrolment> {
    return this.database.inInstitution(actor.institutionId, (tx) => {
      const request = { actor, key, operation: `enrol:${classId}`, body: row };
      return once(tx, request, async () => {
        const [outcome] = await this.enrol(tx, actor, classId, [row]);
        if (outcome === undefined || outcome instanceof Refusal) throw outcome;
        return outcome;
      });
    });
  }

  async createMany(
    actor: Actor,
    classId: Id,
    rows: readonly unknown[],
    key: string | undefined,
  ): Promise<BulkResult> {
    return this.database.inInstitution(actor.institutionId, (tx) => {
      const request = { actor, key, operation: `enrol-many:${classId}`, body: rows };
      return once(tx, request, async () => {
        const outcomes = await this.enrol(tx, actor, classId, rows);
        return bulkResult(
          outcomes.map((outcome, index) =>
            outcome instanceof Refusal
              ? refusedRow(index, outcome)
              : { index, status: 'created', id: outcome.id },
          ),
        );
      });
    });
  }

  async list(
    actor: Actor,
    classId: Id,
    query: { cursor?: string; limit: number },
  ): Promise<Page<NamedEnrolment>> {
    const after =
      query.cursor === undefined ? undefined : (decodeCursor(query.cursor, 2) as [string, Id]);
    const rows = await this.database.inInstitution(actor.institutionId, async (tx) => {
      const { taught } = await this.classes.load(tx, actor, classId);
      const onlyOwn = !taught && viewerOf(actor).scope !== 'institution';
      const page = { after, limit: query.limit + 1 };
      return listEnrolments(tx, viewerOf(actor), classId, onlyOwn, page);
    });
    return pageOf(rows, query.limit, (row) => [row.displayName, row.id]);
  }

  async end(actor: Actor, classId: Id, id: Id): Promise<void> {
    await this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.classes.lockToManage(tx, actor, classId);
      const before = await lockEnrolment(tx, actor.institutionId, classId, id);
      if (before === undefined) throw notFound('enrolment');
      if (before.role === 'teacher') requireAdmin(actor);
      // Said twice, it is still ended.
      if (before.status === 'ended') return;
      const ended: Enrolment = { ...before, status: 'ended', version: before.version + 1 };
      await this.save(tx, actor.institutionId, [ended]);
    });
  }

  async save(tx: Tx, institutionId: Id, enrolments: readonly Enrolment[]): Promise<void> {
    if (enrolments.length === 0) return;
    await saveEnrolments(tx, institutionId, enrolments);
    await this.announcements.enrolments(tx, institutionId, enrolments);
  }

  private async enrol(
    tx: Tx,
    actor: Actor,
    classId: Id,
    rows: readonly unknown[],
  ): Promise<(Enrolment | Refusal)[]> {
    const { status } = await this.classes.lockToManage(tx, actor, classId);
    if (status === 'archived') {
      throw new Refusal('conflict', 'class-archived', 'Nobody can join an archived class.');
    }
    const read = decideRows(rows, (row) => readRow(EnrolmentRow, row));
    const ids = read.flatMap((row) => (row instanceof Refusal ? [] : [row.personId.toLowerCase()]));
    const people = await findPeople(tx, viewerOf(actor), ids);
    const present = await lockEnrolments(tx, actor.institutionId, classId, ids);
    const outcomes = decideRows(read, (row) => {
      if (row instanceof Refusal) throw row;
      const { personId, role } = row as EnrolmentRow;
      const person = people.get(personId.toLowerCase());
      if (person === undefined) throw notFound('person');
      requireMayEnrol(actor, person, role);
      const enrolment = joined(classId, person.id, role, present.get(person.id));
      present.set(person.id, enrolment);
      return enrolment;
    });
    const made = outcomes.flatMap((one) => (one instanceof Refusal ? [] : [one]));
    await this.save(tx, actor.institutionId, made);
    return outcomes;
  }
}

/** Joining again continues the enrolment that ended: one person is in a class once. */
function joined(classId: Id, personId: Id, role: ClassRole, before?: Enrolment): Enrolment {
  if (before === undefined) {
    return { id: newId(), classId, personId, role, status: 'active', version: 1 };
  }
  if (before.status === 'active') {
    throw new Refusal('conflict', 'already-enrolled', 'This person is in the class already.');
  }
  return { ...before, role, status: 'active', version: before.version + 1 };
}

function requireMayEnrol(actor: Actor, person: Person, role: ClassRole): void {
  if (!person.roles.includes(role)) {
    const detail = `This person does not have the role ${role}.`;
    throw new Refusal('unprocessable', 'person-lacks-role', detail);
  }
  if (role === 'teacher') requireAdmin(actor);
}

function requireAdmin(actor: Actor): void {
  if (hasRole(actor, 'admin')) return;
  const detail = 'Only an admin decides who teaches a class.';
  throw new Refusal('forbidden', 'role-required', detail);
}
