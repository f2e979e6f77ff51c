import { Injectable } from '@nestjs/common';
import { type Id, Refusal } from '@parlance/kernel';
import { Database } from '@parlance/platform';
import { type Credential, credentialOfEmail } from './db/credential.store.js';
import { institutionIdOfSlug } from './db/institution.store.js';
import {
  addressFailures,
  countAccountAttempt,
  countAddressFailure,
  forgetAccountFailures,
} from './db/sign-in-failure.store.js';
import { cleanEmail } from './domain/names.js';
import { KeySeal } from './key-seal.js';
import { Passwords } from './passwords.js';
import { type OpenedSession, Sessions } from './sessions.js';

/** Wrong passwords for one account in 15 minutes. */
const MAX_ACCOUNT_FAILURES = 10;
/** Wrong passwords from one address in 15 minutes: a whole school may sit behind one. */
const MAX_ADDRESS_FAILURES = 200;

export interface PasswordSignIn {
  institution: string;
  email: string;
  password: string;
  /** Where the request came from. */
  address: string;
}

interface Found {
  institutionId: Id | undefined;
  credential: Credential | undefined;
}

/** Signs in by password, and tells nobody whether it was the address or the password. */
@Injectable()
export class PasswordSignIns {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly seal: KeySeal,
  ) {}

  async open(request: PasswordSignIn): Promise<OpenedSession> {
    const addressHash = this.seal.keyedHash(`address ${request.address}`);
    const email = cleanEmail(request.email);
    const { institutionId, credential } = await this.find(request.institution, email, addressHash);
    // No connection is held while the password is hashed.
    const isRight = await this.passwords.matches(credential?.hash, request.password);
    if (!isRight || institutionId === undefined || credential === undefined) {
      await this.database.outsideInstitutions((tx) => countAddressFailure(tx, addressHash));
      const detail = 'The institution, e-mail address or password is not right.';
      throw new Refusal('unauthenticated', 'sign-in-failed', detail);
    }
    return this.database.inInstitution(institutionId, async (tx) => {
      await forgetAccountFailures(tx, institutionId, this.accountHash(institutionId, email));
      return this.sessions.open(tx, institutionId, credential.personId);
    });
  }

  private async find(slug: string, email: string, addressHash: Buffer): Promise<Found> {
    const { failures, institutionId } = await this.database.outsideInstitutions(async (tx) => ({
      failures: await addressFailures(tx, addressHash),
      institutionId: await institutionIdOfSlug(tx, slug),
    }));
    if (failures.failures >= MAX_ADDRESS_FAILURES) throw lockedOut(failures.secondsLeft);
    if (institutionId === undefined) return { institutionId, credential: undefined };
    const { attempts, credential } = await this.database.inInstitution(
      institutionId,
      async (tx) => ({
        // Accounts that do not exist are counted too: a lock says nothing about who does.
        attempts: await countAccountAttempt(
          tx,
          institutionId,
          this.accountHash(institutionId, email),
        ),
        credential: await credentialOfEmail(tx, institutionId, email),
      }),
    );
    if (attempts.failures > MAX_ACCOUNT_FAILURES) throw lockedOut(attempts.secondsLeft);
    return { institutionId, credential };
  }

  private accountHash(institutionId: Id, email: string): Buffer {
    return this.seal.keyedHash(`account ${institutionId} ${email}`);
  }
}

function lockedOut(secondsLeft: number): Refusal {
  const detail = 'Too many wrong passwords. Wait a few minutes, or ask for an invitation.';
  return new Refusal(
    'too-many-requests',
    'too-many-attempts',
    detail,
    [],
    Math.max(1, secondsLeft),
  );
}
