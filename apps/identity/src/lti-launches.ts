import { Inject, Injectable } from '@nestjs/common';
import { type Id, newId, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { Database } from '@parlance/platform';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { Announcements } from './announcements.js';
import { activeClasses } from './db/class.store.js';
import { type Enrolment, lockEnrolments } from './db/enrolment.store.js';
import { insertLtiIdentity, lockLtiIdentity, useAssertion } from './db/lti-identity.store.js';
import { insertPeople, lockPerson, type Person, updatePerson } from './db/person.store.js';
import { invalidAssertion, type Launch, launchOf } from './domain/launch.js';
import { Enrolments } from './enrolments.js';
import { IDENTITY_CONFIG, type IdentityConfig } from './identity-config.js';
import { personOf } from './people.js';
import { type OpenedSession, Sessions } from './sessions.js';

const ISSUER = 'parlance-lti';
const AUDIENCE = 'parlance-identity';

/** Signs in users of an LMS by what the LTI service vouches for, and by nothing else of theirs. */
@Injectable()
export class LtiLaunches {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly enrolments: Enrolments,
    private readonly announcements: Announcements,
    @Inject(IDENTITY_CONFIG) config: IdentityConfig,
  ) {
    const options = { cooldownDuration: 5000, timeoutDuration: 3000 };
    this.keys = createRemoteJWKSet(new URL(config.LTI_ASSERTION_JWKS_URL), options);
  }

  async open(assertion: string): Promise<OpenedSession> {
    const launch = await this.verify(assertion);
    const { institutionId, jti, expiresAt } = launch;
    return this.database.inInstitution(institutionId, async (tx) => {
      if (!(await useAssertion(tx, institutionId, jti, expiresAt))) throw assertionUsed();
      const person = await this.personOf(tx, launch);
      await this.enrol(tx, launch, person.id);
      return this.sessions.open(tx, institutionId, person.id);
    });
  }

  private async verify(assertion: string): Promise<Launch> {
    try {
      const { payload } = await jwtVerify(assertion, this.keys, {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ['ES256'],
        clockTolerance: 5,
        requiredClaims: ['exp', 'jti', 'sub'],
      });
      return launchOf(payload);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof errors.JOSEError && !KEYS_AWAY.has(error.code)) throw invalidAssertion();
      const detail = 'The launch cannot be checked right now; try again.';
      throw new Refusal('unavailable', 'lti-keys-unavailable', detail, [], 2);
    }
  }

  /** Found by registration and subject alone: an e-mail address or a name proves nothing. */
  private async personOf(tx: Tx, launch: Launch): Promise<Person> {
    const { institutionId, registrationId, subject } = launch;
    const known = await lockLtiIdentity(tx, institutionId, launch);
    if (known !== undefined) return this.refreshed(tx, launch, known);
    const { displayName = UNNAMED[launch.role], locale } = launch;
    const person = personOf({
      displayName,
      roles: [launch.role],
      ...(locale === undefined ? {} : { locale }),
    });
    await insertPeople(tx, institutionId, [person]);
    const identity = { id: newId(), personId: person.id, registrationId, subject };
    await insertLtiIdentity(tx, institutionId, identity);
    await this.announcements.people(tx, institutionId, [person]);
    await this.announcements.ltiIdentity(tx, institutionId, identity);
    return person;
  }

  /** The LMS knows what its user is called today, and may give them a further role. */
  private async refreshed(tx: Tx, launch: Launch, id: Id): Promise<Person> {
    const { institutionId, role, displayName } = launch;
    const before = await lockPerson(tx, institutionId, id);
    if (before === undefined) throw new Error('An LTI identity without a person.');
    const roles = before.roles.includes(role) ? before.roles : [...before.roles, role];
    const name = displayName ?? before.displayName;
    if (roles === before.roles && name === before.displayName) return before;
    const person = { ...before, roles, displayName: name, version: before.version + 1 };
    await updatePerson(tx, institutionId, person);
    await this.announcements.people(tx, institutionId, [person]);
    return person;
  }

  private async enrol(tx: Tx, launch: Launch, personId: Id): Promise<void> {
    const { institutionId, classId, role } = launch;
    const active = await activeClasses(tx, institutionId, [classId]);
    // An archived class takes nobody in, but those who were there may still look at their results.
    if (!active.has(classId)) return;
    const found = await lockEnrolments(tx, institutionId, classId, [personId]);
    const before = found.get(personId);
    if (before?.status === 'active' && before.role === role) return;
    const enrolment: Enrolment = {
      id: before?.id ?? newId(),
      classId,
      personId,
      role,
      status: 'active',
      version: (before?.version ?? 0) + 1,
    };
    await this.enrolments.save(tx, institutionId, [enrolment]);
  }
}

/** LMSs may keep names to themselves. */
const UNNAMED = { learner: 'LMS learner', teacher: 'LMS teacher' };

/** Faults of the key set or of the way to it; the assertion itself may be good. */
const KEYS_AWAY = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

function assertionUsed(): Refusal {
  const detail = 'This launch was used already. Start again from your LMS.';
  return new Refusal('unauthenticated', 'assertion-used', detail);
}
