import { Injectable } from '@nestjs/common';
import { Database } from '@parlance/platform';
import { compactVerify } from 'jose';
import type { Login } from './db/login.store.js';
import { type Registration, RegistrationStore } from './db/registration.store.js';
import { CLAIM } from './domain/claims.js';
import { asciiId, checkClaims, type ResourceLinkLaunch } from './domain/id-token-claims.js';
import { readUnverified, type UnverifiedToken } from './domain/id-token-header.js';
import { LaunchRefused } from './domain/launch-refused.js';
import { PlatformKeys } from './platform-keys.js';
import { matchesHash } from './secrets.js';

export interface VerifiedLaunch {
  registration: Registration;
  launch: ResourceLinkLaunch;
  /** Whether an institution has claimed the deployment by an act of its admin. */
  claimed: boolean;
}

/** Checks id_tokens: form, keys, signature, claims, in this order (LTI Core 1.3, 5.1.3). */
@Injectable()
export class IdTokens {
  constructor(
    private readonly database: Database,
    private readonly registrations: RegistrationStore,
    private readonly keys: PlatformKeys,
  ) {}

  /** Throws LaunchRefused with the code of the first check that failed. */
  async verify(token: string, login: Login): Promise<VerifiedLaunch> {
    const unverified = readUnverified(token);
    const { registration, claimed } = await this.registrationOf(unverified, login);
    try {
      await this.checkSignature(token, unverified.kid, registration);
      const launch = checkClaims(unverified.claims, {
        issuer: registration.issuer,
        clientId: registration.clientId,
        isNonce: (nonce) => matchesHash(nonce, login.nonceHash),
        deploymentId: login.deploymentId ?? undefined,
        targetLinkUri: login.targetLinkUri,
        nowSeconds: Date.now() / 1000,
        leewaySeconds: registration.clockLeewaySeconds,
      });
      if (registration.status !== 'active') throw new LaunchRefused('registration_disabled');
      return { registration, launch, claimed };
    } catch (error) {
      if (error instanceof LaunchRefused) {
        const { institutionId, id: registrationId } = registration;
        error.subject = { institutionId, registrationId };
      }
      throw error;
    }
  }

  /**
   * Whose keys decide. The deployment in the token is believed only so far as to pick the
   * registration; the token must then be signed by that registration's platform, so naming
   * another's deployment leads to another's keys. The issuer and client id are the login's.
   */
  private async registrationOf(
    unverified: UnverifiedToken,
    login: Login,
  ): Promise<{ registration: Registration; claimed: boolean }> {
    const { issuer, clientId } = login;
    const deploymentId = asciiId(unverified.claims[CLAIM.deploymentId]);
    const { own, first } = await this.database.outsideInstitutions(async (tx) => ({
      own:
        deploymentId === undefined
          ? undefined
          : await this.registrations.ofDeployment(tx, issuer, clientId, deploymentId),
      first: (await this.registrations.candidates(tx, issuer, clientId))[0],
    }));
    const key = own ?? first;
    if (key === undefined) throw new LaunchRefused('unknown_registration');
    const registration = await this.database.inInstitution(key.institutionId, (tx) =>
      this.registrations.byId(tx, key.registrationId),
    );
    if (registration === undefined) throw new LaunchRefused('unknown_registration');
    return { registration, claimed: own !== undefined };
  }

  private async checkSignature(token: string, kid: string, registration: Registration) {
    const key = await this.keys.find(
      { jwksUrl: registration.jwksUrl, allowPrivateHosts: registration.allowPrivateHosts },
      kid,
    );
    try {
      await compactVerify(token, key, { algorithms: ['RS256'] });
    } catch {
      throw new LaunchRefused('signature_invalid');
    }
  }
}
