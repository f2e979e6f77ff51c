import { Injectable } from '@nestjs/common';
import { type Id, newId, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once } from '@parlance/platform';
import { Announcements } from './announcements.js';
import { activeClasses } from './db/class.store.js';
import { type Enrolment, saveEnrolments } from './db/enrolment.store.js';
import { insertPeople, type Person } from './db/person.store.js';
import { BulkPersonRow } from './http/people.dto.js';
import { issueCodes } from './invitation-codes.js';
import { personOf } from './people.js';
import { type BulkResult, bulkResult, decideRows, readRow, refusedRow } from './rows.js';

interface Wanted {
  person: Person;
  invite: boolean;
  classId: Id | undefined;
}

/** Hundreds of people at once, in a fixed number of statements besides their events. */
@Injectable()
export class BulkPeople {
  constructor(
    private readonly database: Database,
    private readonly announcements: Announcements,
  ) {}

  async create(
    actor: Actor,
    rows: readonly unknown[],
    key: string | undefined,
  ): Promise<BulkResult> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const request = { actor, key, operation: 'create-people', body: rows };
      const result = await once(tx, request, () => this.add(tx, actor.institutionId, rows));
      return this.withCodes(tx, actor.institutionId, rows, result);
    });
  }

  private async add(tx: Tx, institutionId: Id, rows: readonly unknown[]): Promise<BulkResult> {
    const decided = decideRows(rows, wantedOf);
    const wanted = decided.flatMap((one) => (one instanceof Refusal ? [] : [one]));
    const classes = await this.classesOf(tx, institutionId, wanted);
    const fits = ({ classId }: Wanted) => classId === undefined || classes.has(classId);
    const people = wanted.filter(fits).map((one) => one.person);
    const inserted = await insertPeople(tx, institutionId, people);
    const created = wanted.filter((one) => inserted.has(one.person.id));
    await this.announce(tx, institutionId, created);
    return bulkResult(
      decided.map((one, index) => {
        if (one instanceof Refusal) return refusedRow(index, one);
        if (!fits(one)) return refusedRow(index, noSuchClass());
        if (!inserted.has(one.person.id)) return refusedRow(index, emailTaken());
        return { index, status: 'created', id: one.person.id };
      }),
    );
  }

  private async classesOf(tx: Tx, institutionId: Id, wanted: Wanted[]): Promise<Set<Id>> {
    const ids = wanted.flatMap(({ classId }) => (classId === undefined ? [] : [classId]));
    return ids.length === 0 ? new Set() : activeClasses(tx, institutionId, [...new Set(ids)]);
  }

  private async announce(tx: Tx, institutionId: Id, created: Wanted[]): Promise<void> {
    const enrolments = created.flatMap(enrolmentOf);
    if (enrolments.length > 0) await saveEnrolments(tx, institutionId, enrolments);
    const people = created.map(({ person }) => person);
    await this.announcements.people(tx, institutionId, people);
    await this.announcements.enrolments(tx, institutionId, enrolments);
  }

  /** Codes are never stored, so a retry gets fresh ones in place of those that were lost. */
  private async withCodes(
    tx: Tx,
    institutionId: Id,
    rows: readonly unknown[],
    result: BulkResult,
  ): Promise<BulkResult> {
    const isInvited = (index: number) => (rows[index] as { invite?: unknown }).invite === true;
    const invited = result.results.flatMap(({ index, status, id }) =>
      status === 'created' && id !== undefined && isInvited(index) ? [id] : [],
    );
    const { codes } = await issueCodes(tx, institutionId, invited);
    const results = result.results.map((row) => {
      const invitationCode = codes.get(row.id ?? '');
      return invitationCode === undefined ? row : { ...row, invitationCode };
    });
    return { ...result, results };
  }
}

function wantedOf(row: unknown): Wanted {
  const { invite = false, classId, ...input } = readRow(BulkPersonRow, row);
  const wanted = { person: personOf(input), invite, classId: classId?.toLowerCase() };
  if (classId !== undefined && roleInClass(wanted.person) === undefined) {
    const detail = 'Only a learner or a teacher can be in a class.';
    throw new Refusal('unprocessable', 'person-lacks-role', detail);
  }
  return wanted;
}

function roleInClass(person: Person): 'learner' | 'teacher' | undefined {
  if (person.roles.includes('learner')) return 'learner';
  return person.roles.includes('teacher') ? 'teacher' : undefined;
}

function enrolmentOf({ person, classId }: Wanted): Enrolment[] {
  const role = roleInClass(person);
  if (classId === undefined || role === undefined) return [];
  return [{ id: newId(), classId, personId: person.id, role, status: 'active', version: 1 }];
}

function noSuchClass(): Refusal {
  return new Refusal('not-found', 'class-not-found', 'No such class that is active.');
}

function emailTaken(): Refusal {
  const detail = 'Somebody of this institution, or a row above, has this e-mail address.';
  return new Refusal('conflict', 'email-taken', detail);
}
