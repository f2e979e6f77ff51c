import { Injectable } from '@nestjs/common';
import { ClassChanged, EnrolmentChanged, LtiIdentityLinked, PersonChanged } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import type { SchoolClass } from './db/class.store.js';
import type { Enrolment } from './db/enrolment.store.js';
import type { Person } from './db/person.store.js';

/** Tells the other services what they need to know of people, classes and who is in which. */
@Injectable()
export class Announcements {
  constructor(private readonly outbox: Outbox) {}

  async people(tx: Tx, institutionId: Id, people: readonly Person[]): Promise<void> {
    const told = people.map(({ id: personId, displayName, status, locale, version }) => {
      const data = { personId, displayName, status, ...(locale === null ? {} : { locale }) };
      return { version, institutionId, data };
    });
    await this.outbox.addAll(tx, PersonChanged, told);
  }

  async schoolClass(tx: Tx, institutionId: Id, one: SchoolClass): Promise<void> {
    const data = { classId: one.id, name: one.name, status: one.status };
    await this.outbox.add(tx, ClassChanged, { version: one.version, institutionId, data });
  }

  async enrolments(tx: Tx, institutionId: Id, enrolments: readonly Enrolment[]): Promise<void> {
    const told = enrolments.map(({ id: enrolmentId, classId, personId, role, status, version }) => {
      const data = { enrolmentId, classId, personId, role, status };
      return { version, institutionId, data };
    });
    await this.outbox.addAll(tx, EnrolmentChanged, told);
  }

  async ltiIdentity(
    tx: Tx,
    institutionId: Id,
    identity: { id: Id; personId: Id; registrationId: Id; subject: string },
  ): Promise<void> {
    const { id: ltiIdentityId, personId, registrationId, subject } = identity;
    const data = { ltiIdentityId, personId, registrationId, subject };
    await this.outbox.add(tx, LtiIdentityLinked, {
      subject: ltiIdentityId,
      version: 1,
      institutionId,
      data,
    });
  }
}
