import { Injectable } from '@nestjs/common';
import { type Id, newId, Refusal, systemClock } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-tokens.js';
import { lockPerson, type Person } from './db/person.store.js';
import {
  endSession,
  insertSession,
  lockSession,
  rotateSession,
  type SessionRow,
} from './db/session.store.js';
import { decideRefresh, expiryOf, type RefreshDecision } from './domain/refresh.js';
import { newRefreshToken, parseRefreshToken, type RefreshToken, sameHash } from './secrets.js';

export interface OpenedSession {
  accessToken: string;
  tokenType: 'Bearer';
  expiresInSeconds: number;
  refreshToken: string;
  person: { id: Id; displayName: string; roles: Person['roles']; institutionId: Id };
}

/** A session is one signed-in device: a short access token and a refresh token that rotates. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccessTokens,
  ) {}

  /** For a person whose identity has just been proved. */
  async open(tx: Tx, institutionId: Id, personId: Id): Promise<OpenedSession> {
    const person = await lockPerson(tx, institutionId, personId);
    if (person === undefined) throw new Error('A session needs a person.');
    if (person.status === 'suspended') throw suspended();
    const id = newId();
    const { token, hash } = newRefreshToken(institutionId, id);
    const createdAt = systemClock.now();
    const expiresAt = expiryOf(createdAt, createdAt);
    const row = { id, personId, secretHash: hash, createdAt, expiresAt };
    await insertSession(tx, institutionId, row);
    return this.opened(institutionId, person, id, token);
  }

  async refresh(refreshToken: string): Promise<OpenedSession> {
    const given = parseRefreshToken(refreshToken);
    if (given === undefined) throw refused('ended');
    // The end of a stolen session must be committed, so the refusal comes after the transaction.
    const outcome = await this.database.inInstitution(given.institutionId, async (tx) => {
      const session = await lockSession(tx, given.institutionId, given.sessionId);
      return session === undefined ? 'ended' : this.rotate(tx, given, session);
    });
    if (typeof outcome === 'string') throw refused(outcome);
    return outcome;
  }

  async end(actor: Actor, sessionId: Id): Promise<void> {
    await this.database.inInstitution(actor.institutionId, async (tx) => {
      const session = await lockSession(tx, actor.institutionId, sessionId);
      if (session?.personId !== actor.personId) return;
      await endSession(tx, actor.institutionId, sessionId, 'signed-out');
    });
  }

  private async rotate(
    tx: Tx,
    given: RefreshToken,
    session: SessionRow,
  ): Promise<OpenedSession | Exclude<RefreshDecision, 'rotate'>> {
    const { institutionId, sessionId } = given;
    const person = await lockPerson(tx, institutionId, session.personId);
    if (person === undefined) throw new Error('A session without a person.');
    const now = systemClock.now();
    const isLatestSecret = sameHash(given.hash, session.secretHash);
    const state = { ...session, isLatestSecret, personStatus: person.status };
    const decision = decideRefresh(state, now);
    if (decision !== 'rotate') {
      if (decision === 'reused' || decision === 'suspended') {
        await endSession(tx, institutionId, sessionId, decision);
      }
      return decision;
    }
    const { token, hash } = newRefreshToken(institutionId, sessionId);
    const expiresAt = expiryOf(session.createdAt, now);
    await rotateSession(tx, institutionId, { id: sessionId, secretHash: hash, expiresAt });
    return this.opened(institutionId, person, sessionId, token);
  }

  private async opened(
    institutionId: Id,
    person: Person,
    sessionId: Id,
    refreshToken: string,
  ): Promise<OpenedSession> {
    const { id, displayName, roles } = person;
    return {
      accessToken: await this.tokens.issue({ personId: id, institutionId, roles, sessionId }),
      tokenType: 'Bearer',
      expiresInSeconds: ACCESS_TOKEN_SECONDS,
      refreshToken,
      person: { id, displayName, roles, institutionId },
    };
  }
}

function suspended(): Refusal {
  const detail = 'This account is suspended. Ask your institution.';
  return new Refusal('forbidden', 'person-suspended', detail);
}

function refused(reason: Exclude<RefreshDecision, 'rotate'>): Refusal {
  if (reason === 'suspended') return suspended();
  if (reason === 'reused') {
    const detail = 'This refresh token was used before, so the session was ended. Sign in again.';
    return new Refusal('unauthenticated', 'refresh-token-reused', detail);
  }
  const detail = 'The session has ended. Sign in again.';
  return new Refusal('unauthenticated', 'session-ended', detail);
}
