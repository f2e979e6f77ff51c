import { Inject, Injectable } from '@nestjs/common';
import { type Id, isId, newId, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { Database, LOGGER } from '@parlance/platform';
import { currentTraceId, type Logger } from '@parlance/telemetry';
import { type Deployment, DeploymentStore } from './db/deployment.store.js';
import { type Assignment, ReadModelStore } from './db/read-model.store.js';
import type { Registration } from './db/registration.store.js';
import { ResourceLinkStore } from './db/resource-link.store.js';
import { Deliveries } from './deliveries.js';
import type { Form } from './domain/form.js';
import { requiredField } from './domain/form.js';
import { frameAncestors, isAllowedUrl } from './domain/hosts.js';
import type { ResourceLinkLaunch } from './domain/id-token-claims.js';
import { LaunchRefused } from './domain/launch-refused.js';
import { type LaunchRole, launchRole } from './domain/roles.js';
import { IdTokens, type VerifiedLaunch } from './id-tokens.js';
import { Logins } from './logins.js';
import { ToolKeys } from './tool-keys.js';

const ASSERTION_SECONDS = 60;

/** What the browser gets of an accepted launch. */
export interface AcceptedLaunch {
  /** Exchanged for a session; null when the roles give no place in the class. */
  assertion: string | null;
  assignmentId: Id | null;
  title: string | undefined;
  role: LaunchRole;
  locale: string | undefined;
  frameAncestors: string[];
}

/** Launches from an LMS: validated, recorded, and turned into an assertion for identity. */
@Injectable()
export class Launches {
  constructor(
    private readonly database: Database,
    private readonly logins: Logins,
    private readonly idTokens: IdTokens,
    private readonly deployments: DeploymentStore,
    private readonly links: ResourceLinkStore,
    private readonly facts: ReadModelStore,
    private readonly deliveries: Deliveries,
    private readonly keys: ToolKeys,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** `browser` is the value of the state's cookie. Throws LaunchRefused. */
  async accept(form: Form, browser: string | undefined): Promise<AcceptedLaunch> {
    const state = requiredField(form, 'state');
    const token = form.get('id_token');
    if (token !== undefined && form.has('error')) throw new LaunchRefused('parameter_malformed');
    if (token === undefined && !form.has('error')) throw new LaunchRefused('parameter_missing');
    const login = await this.logins.consume(state, browser);
    // The platform's own words about the error are untrusted text and help nobody here.
    if (token === undefined) throw new LaunchRefused('platform_error');
    const verified = await this.idTokens.verify(token, login);
    const { registration, launch } = verified;
    const deployment = await this.deploymentOf(verified);
    const role = launchRole(launch.roles);
    const { assignment } = await this.record(registration, deployment, launch, role);
    const classId = assignment?.classId ?? deployment.classId;
    return {
      assertion:
        role === null || classId === null
          ? null
          : await this.assertion(registration, launch, role, classId),
      assignmentId: assignment?.id ?? null,
      title: assignment?.title ?? launch.resourceLinkTitle,
      role,
      locale: launch.locale,
      frameAncestors: frameAncestors(registration.allowedHosts, registration.allowPrivateHosts),
    };
  }

  /** Only a deployment that an admin gave to a class; any other is remembered and refused. */
  private async deploymentOf({ registration, launch, claimed }: VerifiedLaunch) {
    const { institutionId, id: registrationId, issuer, clientId } = registration;
    const { deploymentId } = launch;
    const refuse = (reason: 'deployment_pending' | 'deployment_disabled') => {
      const refused = new LaunchRefused(reason);
      refused.subject = { institutionId, registrationId };
      return refused;
    };
    if (!claimed) {
      const institutions = await this.database.outsideInstitutions((tx) =>
        this.deployments.institutions(tx, issuer, clientId),
      );
      if (institutions > 1) {
        await this.database.outsideInstitutions((tx) =>
          this.deployments.recordUnclaimed(tx, registration, deploymentId),
        );
        throw refuse('deployment_pending');
      }
    }
    const deployment = await this.database.inInstitution(institutionId, async (tx) => {
      const known = await this.deployments.find(tx, registrationId, deploymentId);
      if (known === undefined || known.status === 'pending') {
        await this.deployments.recordPending(tx, registration, deploymentId);
      }
      return known;
    });
    if (deployment?.status === 'disabled') throw refuse('deployment_disabled');
    if (deployment?.status !== 'active') throw refuse('deployment_pending');
    return deployment;
  }

  private async record(
    registration: Registration,
    deployment: Deployment,
    launch: ResourceLinkLaunch,
    role: LaunchRole,
  ) {
    const { institutionId, id: registrationId } = registration;
    return this.database.inInstitution(institutionId, async (tx) => {
      const before = await this.deployments.seen(tx, deployment.id, launch.platformGuid);
      if (before !== undefined) {
        const { id: deploymentKey } = deployment;
        this.logger.warn({ registrationId, deploymentKey }, 'deployment moved to another platform');
      }
      const requested = isId(launch.customAssignmentId)
        ? launch.customAssignmentId.toLowerCase()
        : undefined;
      const link = await this.links.seen(tx, {
        institutionId,
        registrationId,
        deployment: deployment.id,
        resourceLinkId: launch.resourceLinkId,
        contextId: launch.contextId,
        requestedAssignmentId: requested,
        ...this.gradeServiceOf(registration, launch),
      });
      const assignment = await this.assignmentOf(tx, link, deployment, requested);
      await this.links.recordUser(tx, institutionId, link.id, launch.subject);
      await this.links.recordLaunch(tx, {
        id: newId(),
        institutionId,
        registrationId,
        resourceLink: link.id,
        role: role ?? 'none',
        assignmentId: assignment?.id ?? null,
        traceId: currentTraceId(),
      });
      await this.deliveries.takeUp(tx, { resourceLink: link.id });
      return { assignment };
    });
  }

  /**
   * What an admin bound; else what the custom parameter names, if it is an assignment of the
   * deployment's own class: whoever can edit parameters in the LMS must not reach other classes.
   */
  private async assignmentOf(
    tx: Tx,
    link: { id: Id; assignmentId: Id | null; boundBy: string | null },
    deployment: Deployment,
    requested: Id | undefined,
  ): Promise<Assignment | undefined> {
    if (link.boundBy === 'admin' && link.assignmentId !== null) {
      return this.facts.assignment(tx, link.assignmentId);
    }
    const named = requested === undefined ? undefined : await this.facts.assignment(tx, requested);
    const own = named?.classId === deployment.classId ? named : undefined;
    await this.links.bindByCustom(tx, link.id, own?.id ?? null);
    return own;
  }

  /** Service URLs count only on hosts that the registration names. */
  private gradeServiceOf(registration: Registration, launch: ResourceLinkLaunch) {
    const { scopes = [], lineItemUrl, lineItemsUrl } = launch.gradeService ?? {};
    const allowed = (url: string | undefined) => {
      if (url === undefined) return undefined;
      if (isAllowedUrl(url, registration.allowedHosts, registration.allowPrivateHosts)) return url;
      const entry = { registrationId: registration.id, institutionId: registration.institutionId };
      this.logger.warn(entry, 'grade service on a host that the registration does not allow');
      return undefined;
    };
    return { scopes, lineItemUrl: allowed(lineItemUrl), lineItemsUrl: allowed(lineItemsUrl) };
  }

  private assertion(
    registration: Registration,
    launch: ResourceLinkLaunch,
    role: string,
    classId: Id,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const displayName = storableText(launch.displayName ?? '')
      .trim()
      .slice(0, 200);
    return this.keys.sign('assertion', {
      iss: 'parlance-lti',
      aud: 'parlance-identity',
      sub: launch.subject,
      registrationId: registration.id,
      institutionId: registration.institutionId,
      classId,
      role,
      ...(displayName === '' ? {} : { displayName }),
      ...(launch.locale === undefined ? {} : { locale: launch.locale }),
      jti: newId(),
      iat: now,
      exp: now + ASSERTION_SECONDS,
    });
  }
}
