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
import { type Actor, Database, hasRole, once, requireVersion, type Role } from '@parlance/platform';
import { Announcements } from './announcements.js';
import { passwordHashOf, setPassword } from './db/credential.store.js';
import {
  findPerson,
  insertPeople,
  listPeople,
  lockPerson,
  type Person,
  updatePerson,
} from './db/person.store.js';
import { endSessionsOf } from './db/session.store.js';
import { cleanEmail, cleanName } from './domain/names.js';
import { viewerOf } from './domain/viewer.js';
import { issueCodes } from './invitation-codes.js';
import { Passwords } from './passwords.js';

export interface NewPerson {
  displayName: string;
  email?: string;
  roles: Role[];
  locale?: string;
  password?: string;
  invite?: boolean;
}

export interface PersonPatch {
  displayName?: string;
  email?: string;
  roles?: Role[];
  status?: Person['status'];
  locale?: string;
}

export type SeenPerson = Person & { invitationCode?: string };

/** The people of an institution. */
@Injectable()
export class People {
  constructor(
    private readonly database: Database,
    private readonly announcements: Announcements,
    private readonly passwords: Passwords,
  ) {}

  async create(actor: Actor, input: NewPerson, key: string | undefined): Promise<SeenPerson> {
    const { password, ...body } = input;
    const hash = password === undefined ? undefined : await this.passwords.hash(password);
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const request = { actor, key, operation: 'create-person', body };
      const person = await once(tx, request, () => this.add(tx, institutionId, input, hash));
      if (input.invite !== true) return person;
      // Codes are never stored, so a retry gets a fresh one in place of the one that was lost.
      const { codes } = await issueCodes(tx, institutionId, [person.id]);
      return { ...person, invitationCode: codes.get(person.id) as string };
    });
  }

  /** In the transaction of whoever needs the person. */
  async add(tx: Tx, institutionId: Id, input: NewPerson, passwordHash?: string): Promise<Person> {
    if (passwordHash !== undefined && input.email === undefined) throw passwordNeedsEmail();
    const person = personOf(input);
    const inserted = await insertPeople(tx, institutionId, [person]);
    if (!inserted.has(person.id)) throw emailTaken();
    if (passwordHash !== undefined) await setPassword(tx, institutionId, person.id, passwordHash);
    await this.announcements.people(tx, institutionId, [person]);
    return person;
  }

  async get(actor: Actor, id: Id): Promise<Person> {
    return this.database.inInstitution(actor.institutionId, async (tx) =>
      shownTo(actor, await this.load(tx, actor, id)),
    );
  }

  async list(
    actor: Actor,
    query: { role?: Role; cursor?: string; limit: number },
  ): Promise<Page<Person>> {
    const after =
      query.cursor === undefined ? undefined : (decodeCursor(query.cursor, 2) as [string, Id]);
    const filter = { role: query.role, after, limit: query.limit + 1 };
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      listPeople(tx, viewerOf(actor), filter),
    );
    const people = rows.map((person) => shownTo(actor, person));
    return pageOf(people, query.limit, (person) => [person.displayName, person.id]);
  }

  /** Admins change anything, others the language they read. */
  async change(actor: Actor, id: Id, seenVersion: number, patch: PersonPatch): Promise<Person> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      await this.load(tx, actor, id);
      requireMayChange(actor, id, patch);
      const before = (await lockPerson(tx, institutionId, id)) as Person;
      requireVersion(seenVersion, before.version);
      const person = changed(before, patch);
      await refusingTakenEmail(updatePerson(tx, institutionId, person));
      if (person.status === 'suspended') await endSessionsOf(tx, institutionId, id, 'suspended');
      await this.announcements.people(tx, institutionId, [person]);
      return shownTo(actor, person);
    });
  }

  /** Ends the person's other sessions: whoever knew the old password is out. */
  async changePassword(actor: Actor, current: string, next: string): Promise<void> {
    const { institutionId, personId } = actor;
    const hash = await this.database.inInstitution(institutionId, (tx) =>
      passwordHashOf(tx, institutionId, personId),
    );
    if (!(await this.passwords.matches(hash, current))) {
      const detail = 'The current password is not right.';
      throw new Refusal('forbidden', 'wrong-password', detail);
    }
    const nextHash = await this.passwords.hash(next);
    await this.database.inInstitution(institutionId, async (tx) => {
      await setPassword(tx, institutionId, personId, nextHash);
      await endSessionsOf(tx, institutionId, personId, 'password-changed');
    });
  }

  /** The person, if the actor may know of them. */
  async load(tx: Tx, actor: Actor, id: Id): Promise<Person> {
    const person = await findPerson(tx, viewerOf(actor), id);
    if (person === undefined) throw notFound('person');
    return person;
  }
}

export function personOf(input: NewPerson): Person {
  return {
    id: newId(),
    displayName: cleanName(input.displayName),
    email: input.email === undefined ? null : cleanEmail(input.email),
    roles: [...new Set(input.roles)],
    status: 'active',
    locale: input.locale ?? null,
    version: 1,
  };
}

function changed(before: Person, patch: PersonPatch): Person {
  const { displayName, email, roles, status, locale } = patch;
  return {
    ...before,
    displayName: displayName === undefined ? before.displayName : cleanName(displayName),
    email: email === undefined ? before.email : cleanEmail(email),
    roles: roles === undefined ? before.roles : [...new Set(roles)],
    status: status ?? before.status,
    locale: locale ?? before.locale,
    version: before.version + 1,
  };
}

function requireMayChange(actor: Actor, id: Id, patch: PersonPatch): void {
  const { displayName, email, roles, status } = patch;
  const isLocaleAlone = [displayName, email, roles, status].every((field) => field === undefined);
  const isOwnLocale = id === actor.personId && isLocaleAlone;
  if (!hasRole(actor, 'admin') && !isOwnLocale) {
    const detail = 'Only an admin changes people; others may change their own locale.';
    throw new Refusal('forbidden', 'role-required', detail);
  }
  const losesAdmin = roles !== undefined && !roles.includes('admin');
  if (id === actor.personId && (losesAdmin || status === 'suspended')) {
    const detail = 'You cannot take your own admin role away or suspend yourself.';
    throw new Refusal('conflict', 'own-admin-role', detail);
  }
}

/** Teachers know their learners by name; addresses are for admins and oneself. */
function shownTo(actor: Actor, person: Person): Person {
  const seesEmail = person.id === actor.personId || hasRole(actor, 'admin', 'support');
  return seesEmail ? person : { ...person, email: null };
}

async function refusingTakenEmail(update: Promise<void>): Promise<void> {
  try {
    await update;
  } catch (error) {
    const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
    if ((code ?? driverError?.code) === '23505') throw emailTaken();
    throw error;
  }
}

function emailTaken(): Refusal {
  const detail = 'Somebody of this institution has this e-mail address.';
  return new Refusal('conflict', 'email-taken', detail);
}

function passwordNeedsEmail(): Refusal {
  const fault = { pointer: '/email', detail: 'is needed to sign in with a password' };
  return new Refusal('invalid', 'invalid-input', 'The input does not fit.', [fault]);
}
