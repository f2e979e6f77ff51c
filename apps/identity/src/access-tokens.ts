import { Inject, Injectable } from '@nestjs/common';
import { type Id, newId } from '@parlance/kernel';
import {
  CONFIG,
  type Role,
  type ServiceConfig,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
} from '@parlance/platform';
import { decodeJwt, SignJWT } from 'jose';
import { SigningKeys } from './signing-keys.js';

/** Short, because a token cannot be called back: this is how long a suspension takes to bite. */
export const ACCESS_TOKEN_SECONDS = 600;

export interface TokenHolder {
  personId: Id;
  institutionId: Id;
  roles: readonly Role[];
  sessionId: Id;
}

/** Access tokens as every service of the platform verifies them. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: ServiceConfig,
  ) {}

  async issue(holder: TokenHolder): Promise<string> {
    const { kid, key } = this.keys.current();
    return new SignJWT({ inst: holder.institutionId, roles: holder.roles, sid: holder.sessionId })
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, kid, typ: 'at+jwt' })
      .setIssuer(this.config.TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject(holder.personId)
      .setJti(newId())
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
      .sign(key);
  }
}

/** The session of a token that has been verified already. */
export function sessionOf(verifiedToken: string): Id | undefined {
  const { sid } = decodeJwt(verifiedToken);
  return typeof sid === 'string' ? sid : undefined;
}
