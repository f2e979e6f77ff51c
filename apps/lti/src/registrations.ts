import { Inject, Injectable } from '@nestjs/common';
import { type Id, newId, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { type Deployment, DeploymentStore } from './db/deployment.store.js';
import { type Registration, RegistrationStore } from './db/registration.store.js';
import { hostOf } from './domain/hosts.js';
import { LTI_CONFIG, type LtiConfig } from './lti-config.js';

/** What an admin types in; all but issuer and client id may change later. */
export interface RegistrationSettings {
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  tokenAudience?: string;
  productFamily?: string;
  allowedHosts?: string[];
  allowPrivateHosts?: boolean;
  clockLeewaySeconds?: number;
  status?: 'active' | 'disabled';
}

export type NewRegistration = RegistrationSettings & { issuer: string; clientId: string };

/** The platforms of an institution, and which of their deployments belongs to which class. */
@Injectable()
export class Registrations {
  constructor(
    private readonly database: Database,
    private readonly store: RegistrationStore,
    private readonly deployments: DeploymentStore,
    @Inject(LTI_CONFIG) private readonly config: LtiConfig,
  ) {}

  async create(actor: Actor, input: NewRegistration, key: string | undefined) {
    this.check(input);
    const { institutionId } = actor;
    const request = { actor, key, operation: 'create-lti-registration', body: input };
    return this.database.inInstitution(institutionId, (tx) =>
      once<Registration>(tx, request, async () => {
        const registration = newRegistration(institutionId, input);
        if (!(await this.store.insert(tx, registration))) {
          const detail = 'This issuer and client id are registered already.';
          throw new Refusal('conflict', 'registration-exists', detail);
        }
        return registration;
      }),
    );
  }

  page(actor: Actor, after: Id | null, limit: number): Promise<Page<Registration>> {
    return this.database.inInstitution(actor.institutionId, async (tx) =>
      pageOf(await this.store.page(tx, after, limit + 1), limit, (row) => [row.id]),
    );
  }

  async get(actor: Actor, id: Id): Promise<Registration & { deployments: Deployment[] }> {
    return this.database.inInstitution(actor.institutionId, async (tx) => ({
      ...(await this.mustFind(tx, id)),
      deployments: await this.deployments.ofRegistration(tx, id),
    }));
  }

  async change(actor: Actor, id: Id, seen: number, changes: Partial<RegistrationSettings>) {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const present = await this.mustFind(tx, id, true);
      requireVersion(seen, present.version);
      // Only the audience can be taken away again; null anywhere else says nothing.
      const given = Object.entries(changes).filter(
        ([name, value]) => value !== undefined && (value !== null || name === 'tokenAudience'),
      );
      const changed: Registration = { ...present, ...Object.fromEntries(given) };
      this.check(changed);
      changed.allowedHosts = hostsOf(changed);
      changed.version = present.version + 1;
      await this.store.update(tx, changed);
      return changed;
    });
  }

  /** The admin's act that lets launches of a deployment in, into one class. */
  async bindDeployment(
    actor: Actor,
    id: Id,
    input: { deploymentId: string; classId: Id },
    key: string | undefined,
  ): Promise<Deployment> {
    const request = { actor, key, operation: `bind-lti-deployment:${id}`, body: input };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once<Deployment>(tx, request, async () => {
        const registration = await this.mustFind(tx, id, true);
        const { deploymentId, classId } = input;
        const known = await this.deployments.find(tx, id, deploymentId);
        if (known?.status === 'active') {
          if (known.classId === classId) return known;
          const detail = 'This deployment belongs to another class already.';
          throw new Refusal('conflict', 'deployment-bound', detail);
        }
        if (!(await this.deployments.claim(tx, registration, deploymentId))) {
          const detail = 'This deployment of the client id belongs to another institution.';
          throw new Refusal('conflict', 'deployment-taken', detail);
        }
        return this.deployments.activate(tx, registration, deploymentId, classId);
      }),
    );
  }

  async mustFind(tx: Tx, id: Id, lock = false): Promise<Registration> {
    const registration = await this.store.byId(tx, id, lock);
    if (registration === undefined) throw notFound('registration');
    return registration;
  }

  private check(input: Omit<RegistrationSettings, 'tokenAudience'>): void {
    const isPrivate = input.allowPrivateHosts === true;
    if (isPrivate && !this.config.allowPrivateHosts) {
      const detail = 'Private addresses are for development and are switched off here.';
      throw new Refusal('unprocessable', 'private-hosts-not-allowed', detail);
    }
    for (const name of ['authUrl', 'tokenUrl', 'jwksUrl'] as const) {
      const url = input[name];
      const isHttps = hostOf(url) !== undefined && new URL(url).protocol === 'https:';
      const fits = isHttps || (isPrivate && hostOf(url) !== undefined);
      if (!fits || new URL(url).hash !== '') {
        throw new Refusal('invalid', 'invalid-url', 'Addresses of a platform are https URLs.', [
          { pointer: `/${name}`, detail: 'an https URL without credentials or fragment' },
        ]);
      }
    }
    const bad = (input.allowedHosts ?? []).findIndex((host) => hostOf(`https://${host}`) !== host);
    if (bad >= 0) {
      throw new Refusal('invalid', 'invalid-host', 'An allowed host is not a host.', [
        { pointer: `/allowedHosts/${bad}`, detail: 'a host name in lower case, with its port' },
      ]);
    }
  }
}

function newRegistration(institutionId: Id, input: NewRegistration): Registration {
  const registration = {
    id: newId(),
    institutionId,
    issuer: input.issuer,
    clientId: input.clientId,
    authUrl: input.authUrl,
    tokenUrl: input.tokenUrl,
    jwksUrl: input.jwksUrl,
    tokenAudience: input.tokenAudience ?? null,
    productFamily: input.productFamily ?? '',
    allowedHosts: input.allowedHosts ?? [],
    allowPrivateHosts: input.allowPrivateHosts ?? false,
    clockLeewaySeconds: input.clockLeewaySeconds ?? 60,
    status: input.status ?? ('active' as const),
    version: 1,
  };
  return { ...registration, allowedHosts: hostsOf(registration) };
}

/** The named hosts, and always those of the platform's own addresses. */
function hostsOf(registration: Registration): string[] {
  const { issuer, authUrl, tokenUrl, allowedHosts } = registration;
  const own = [issuer, authUrl, tokenUrl].map(hostOf).filter((host) => host !== undefined);
  return [...new Set([...own, ...allowedHosts])];
}
