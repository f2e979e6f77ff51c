import { Injectable } from '@nestjs/common';
import { type Id, Refusal } from '@parlance/kernel';
import { type Actor, Database } from '@parlance/platform';
import { setPassword } from './db/credential.store.js';
import { isInvitationOpen, redeemInvitation } from './db/invitation.store.js';
import { issueCodes } from './invitation-codes.js';
import { Passwords } from './passwords.js';
import { People } from './people.js';
import { parseInvitationCode } from './secrets.js';
import { type OpenedSession, Sessions } from './sessions.js';

export interface IssuedInvitation {
  invitationCode: string;
  expiresAt: string;
}

/** Codes by which people come in for the first time, or again after losing their password. */
@Injectable()
export class Invitations {
  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
  ) {}

  async issue(actor: Actor, personId: Id): Promise<IssuedInvitation> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.people.load(tx, actor, personId);
      const { codes, expiresAt } = await issueCodes(tx, actor.institutionId, [personId]);
      return { invitationCode: codes.get(personId) as string, expiresAt: expiresAt.toISOString() };
    });
  }

  /** Cheap unless a password is set with it: a whole class redeems its codes within a minute. */
  async redeem(code: string, password: string | undefined): Promise<OpenedSession> {
    const invitation = parseInvitationCode(code);
    if (invitation === undefined) throw invalidInvitation();
    const { institutionId, hash } = invitation;
    const passwordHash =
      password === undefined ? undefined : await this.hashFor(institutionId, hash, password);
    return this.database.inInstitution(institutionId, async (tx) => {
      const personId = await redeemInvitation(tx, institutionId, hash);
      if (personId === undefined) throw invalidInvitation();
      if (passwordHash !== undefined) await setPassword(tx, institutionId, personId, passwordHash);
      return this.sessions.open(tx, institutionId, personId);
    });
  }

  /** Hashing is dear, so a made-up code is turned away before it. */
  private async hashFor(institutionId: Id, codeHash: Buffer, password: string): Promise<string> {
    const isOpen = await this.database.inInstitution(institutionId, (tx) =>
      isInvitationOpen(tx, institutionId, codeHash),
    );
    if (!isOpen) throw invalidInvitation();
    return this.passwords.hash(password);
  }
}

function invalidInvitation(): Refusal {
  const detail = 'This code is not valid: it was used, replaced or has expired. Ask for a new one.';
  return new Refusal('unauthenticated', 'invalid-invitation', detail);
}
