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

  async person(tx: Tx, institutionId: Id, person: Person): Promise<void> {
    const { id: personId, displayName, status, locale, version } = person;
    const data = { personId, displayName, status, ...(locale === null ? {} : { locale }) };
    await this.outbox.add(tx, PersonChanged, { version, institutionId, data });
  }

  async schoolClass(tx: Tx, institutionId: Id, one: SchoolClass): Promise<void> {
    const data = { classId: one.id, name: one.name, status: one.status };
    await this.outbox.add(tx, ClassChanged, { version: one.version, institutionId, data });
  }

  async enrolment(tx: Tx, institutionId: Id, enrolment: Enrolment): Promise<void> {
    const { id: enrolmentId, classId, personId, role, status, version } = enrolment;
    const data = { enrolmentId, classId, personId, role, status };
    await this.outbox.add(tx, EnrolmentChanged, { version, institutionId, data });
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
