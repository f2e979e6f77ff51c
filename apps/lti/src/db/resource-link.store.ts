import { Injectable } from '@nestjs/common';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface ResourceLink {
  id: Id;
  registrationId: Id;
  assignmentId: Id | null;
  boundBy: 'custom' | 'admin' | null;
  resourceLinkId: string;
  scopes: string[];
  lineItemUrl: string | null;
  lineItemsUrl: string | null;
  version: number;
}

export interface SeenLink {
  institutionId: Id;
  registrationId: Id;
  deployment: Id;
  resourceLinkId: string;
  contextId: string | undefined;
  requestedAssignmentId: Id | undefined;
  scopes: string[];
  lineItemUrl: string | undefined;
  lineItemsUrl: string | undefined;
}

const COLUMNS = `id, registration_id AS "registrationId", assignment_id AS "assignmentId",
  bound_by AS "boundBy", resource_link_id AS "resourceLinkId", scopes,
  line_item_url AS "lineItemUrl", line_items_url AS "lineItemsUrl", version`;

@Injectable()
export class ResourceLinkStore {
  /** Takes over whatever the platform said this time: its URLs may change with any launch. */
  async seen(tx: Tx, link: SeenLink): Promise<ResourceLink> {
    const [row] = await tx.query<ResourceLink>(
      `INSERT INTO resource_link (id, institution_id, registration_id, deployment,
         resource_link_id, context_id, requested_assignment_id, scopes, line_item_url,
         line_items_url, launched_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp())
       ON CONFLICT (institution_id, deployment, resource_link_id) DO UPDATE SET
         context_id = excluded.context_id,
         requested_assignment_id = excluded.requested_assignment_id,
         scopes = excluded.scopes, line_item_url = excluded.line_item_url,
         line_items_url = excluded.line_items_url, launched_at = excluded.launched_at,
         version = resource_link.version + 1
       RETURNING ${COLUMNS}`,
      [
        newId(),
        link.institutionId,
        link.registrationId,
        link.deployment,
        link.resourceLinkId,
        link.contextId ?? null,
        link.requestedAssignmentId ?? null,
        link.scopes,
        link.lineItemUrl ?? null,
        link.lineItemsUrl ?? null,
      ],
    );
    if (row === undefined) throw new Error('An upsert returned no row.');
    return row;
  }

  async bindByAdmin(
    tx: Tx,
    link: Pick<SeenLink, 'institutionId' | 'registrationId' | 'deployment' | 'resourceLinkId'>,
    assignmentId: Id,
  ): Promise<ResourceLink> {
    const [row] = await tx.query<ResourceLink>(
      `INSERT INTO resource_link (id, institution_id, registration_id, deployment,
         resource_link_id, assignment_id, bound_by)
       VALUES ($1, $2, $3, $4, $5, $6, 'admin')
       ON CONFLICT (institution_id, deployment, resource_link_id) DO UPDATE SET
         assignment_id = excluded.assignment_id, bound_by = 'admin',
         version = resource_link.version + 1
       RETURNING ${COLUMNS}`,
      [
        newId(),
        link.institutionId,
        link.registrationId,
        link.deployment,
        link.resourceLinkId,
        assignmentId,
      ],
    );
    if (row === undefined) throw new Error('An upsert returned no row.');
    return row;
  }

  /** What the custom parameter says now; a binding an admin made stands. */
  async bindByCustom(tx: Tx, id: Id, assignmentId: Id | null): Promise<void> {
    await tx.query(
      `UPDATE resource_link SET assignment_id = $2,
              bound_by = CASE WHEN $2::uuid IS NULL THEN NULL ELSE 'custom' END
       WHERE id = $1 AND bound_by IS DISTINCT FROM 'admin'`,
      [id, assignmentId],
    );
  }

  /** Links whose custom parameter named the assignment before it was published. */
  async bindWaiting(tx: Tx, assignmentId: Id, classId: Id): Promise<void> {
    await tx.query(
      `UPDATE resource_link l SET assignment_id = $1, bound_by = 'custom'
       FROM deployment d
       WHERE d.id = l.deployment AND d.class_id = $2
         AND l.requested_assignment_id = $1 AND l.assignment_id IS NULL`,
      [assignmentId, classId],
    );
  }

  async setLineItem(tx: Tx, id: Id, lineItemUrl: string): Promise<void> {
    await tx.query(`UPDATE resource_link SET line_item_url = $2 WHERE id = $1`, [id, lineItemUrl]);
  }

  async recordUser(tx: Tx, institutionId: Id, id: Id, subject: string): Promise<void> {
    await tx.query(
      `INSERT INTO link_user (institution_id, resource_link, subject, launched_at)
       VALUES ($1, $2, $3, clock_timestamp())
       ON CONFLICT (institution_id, resource_link, subject)
       DO UPDATE SET launched_at = excluded.launched_at`,
      [institutionId, id, subject],
    );
  }

  async recordLaunch(
    tx: Tx,
    launch: {
      id: Id;
      institutionId: Id;
      registrationId: Id;
      resourceLink: Id;
      role: string;
      assignmentId: Id | null;
      traceId: string | undefined;
    },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO launch (id, institution_id, registration_id, resource_link, role, assignment_id,
                           trace_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        launch.id,
        launch.institutionId,
        launch.registrationId,
        launch.resourceLink,
        launch.role,
        launch.assignmentId,
        launch.traceId ?? null,
      ],
    );
  }
}
