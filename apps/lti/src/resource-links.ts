import { Injectable } from '@nestjs/common';
import { type Id, notFound } from '@parlance/kernel';
import { type Actor, Database, once } from '@parlance/platform';
import { DeploymentStore } from './db/deployment.store.js';
import { ReadModelStore } from './db/read-model.store.js';
import { type ResourceLink, ResourceLinkStore } from './db/resource-link.store.js';
import { Deliveries } from './deliveries.js';
import { Registrations } from './registrations.js';

export interface Binding {
  registrationId: Id;
  deploymentId: string;
  resourceLinkId: string;
  assignmentId: Id;
}

/** Which assignment a link in an LMS course opens. */
@Injectable()
export class ResourceLinks {
  constructor(
    private readonly database: Database,
    private readonly registrations: Registrations,
    private readonly deployments: DeploymentStore,
    private readonly facts: ReadModelStore,
    private readonly links: ResourceLinkStore,
    private readonly deliveries: Deliveries,
  ) {}

  /** An admin's word: it stands above the link's custom parameter. */
  async bind(actor: Actor, binding: Binding, key: string | undefined): Promise<ResourceLink> {
    const request = { actor, key, operation: 'bind-lti-resource-link', body: binding };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once<ResourceLink>(tx, request, async () => {
        const { registrationId, deploymentId, resourceLinkId, assignmentId } = binding;
        await this.registrations.mustFind(tx, registrationId);
        const deployment = await this.deployments.find(tx, registrationId, deploymentId);
        if (deployment === undefined) throw notFound('deployment');
        const assignment = await this.facts.assignment(tx, assignmentId);
        if (assignment === undefined) throw notFound('assignment');
        const { institutionId } = actor;
        const place = { institutionId, registrationId, deployment: deployment.id, resourceLinkId };
        const link = await this.links.bindByAdmin(tx, place, assignmentId);
        await this.deliveries.takeUp(tx, { resourceLink: link.id });
        return link;
      }),
    );
  }
}
