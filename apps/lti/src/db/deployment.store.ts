import { Injectable } from '@nestjs/common';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Registration, seeAllInstitutions } from './registration.store.js';

export interface Deployment {
  id: Id;
  registrationId: Id;
  deploymentId: string;
  classId: Id | null;
  status: 'pending' | 'active' | 'disabled';
  platformGuid: string | null;
  version: number;
}

const COLUMNS = `id, registration_id AS "registrationId", deployment_id AS "deploymentId",
  class_id AS "classId", status, platform_guid AS "platformGuid", version`;

@Injectable()
export class DeploymentStore {
  ofRegistration(tx: Tx, registrationId: Id): Promise<Deployment[]> {
    return tx.query<Deployment>(
      `SELECT ${COLUMNS} FROM deployment WHERE registration_id = $1 ORDER BY id LIMIT 500`,
      [registrationId],
    );
  }

  async find(tx: Tx, registrationId: Id, deploymentId: string): Promise<Deployment | undefined> {
    const [row] = await tx.query<Deployment>(
      `SELECT ${COLUMNS} FROM deployment WHERE registration_id = $1 AND deployment_id = $2`,
      [registrationId, deploymentId],
    );
    return row;
  }

  /** False when another institution has this deployment of the same client id. */
  async claim(tx: Tx, registration: Registration, deploymentId: string): Promise<boolean> {
    const { institutionId, id, issuer, clientId } = registration;
    await tx.query(
      `INSERT INTO deployment_key (issuer, client_id, deployment_id, institution_id, registration_id)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [issuer, clientId, deploymentId, institutionId, id],
    );
    const own = await tx.query(
      `SELECT 1 FROM deployment_key
       WHERE issuer = $1 AND client_id = $2 AND deployment_id = $3 AND registration_id = $4`,
      [issuer, clientId, deploymentId, id],
    );
    return own.length > 0;
  }

  async activate(
    tx: Tx,
    registration: Registration,
    deploymentId: string,
    classId: Id,
  ): Promise<Deployment> {
    const [row] = await tx.query<Deployment>(
      `INSERT INTO deployment (id, institution_id, registration_id, deployment_id, class_id, status)
       VALUES ($1, $2, $3, $4, $5, 'active')
       ON CONFLICT (institution_id, registration_id, deployment_id)
       DO UPDATE SET class_id = excluded.class_id, status = 'active',
                     version = deployment.version + 1
       RETURNING ${COLUMNS}`,
      [newId(), registration.institutionId, registration.id, deploymentId, classId],
    );
    if (row === undefined) throw new Error('An upsert returned no row.');
    return row;
  }

  /** Remembers a deployment that an admin has still to give to a class. */
  async recordPending(tx: Tx, registration: Registration, deploymentId: string): Promise<void> {
    await tx.query(
      `INSERT INTO deployment (id, institution_id, registration_id, deployment_id, status,
                               last_seen_at)
       VALUES ($1, $2, $3, $4, 'pending', clock_timestamp())
       ON CONFLICT (institution_id, registration_id, deployment_id)
       DO UPDATE SET last_seen_at = clock_timestamp()`,
      [newId(), registration.institutionId, registration.id, deploymentId],
    );
  }

  /** For a client id that several institutions share: none of them is told of the deployment. */
  async recordUnclaimed(tx: Tx, registration: Registration, deploymentId: string): Promise<void> {
    await tx.query(
      `INSERT INTO unclaimed_deployment (issuer, client_id, deployment_id) VALUES ($1, $2, $3)
       ON CONFLICT (issuer, client_id, deployment_id)
       DO UPDATE SET last_seen_at = clock_timestamp()`,
      [registration.issuer, registration.clientId, deploymentId],
    );
  }

  /** Returns the platform's instance seen before, when it is another one. */
  async seen(tx: Tx, id: Id, platformGuid: string | undefined): Promise<string | undefined> {
    const [before] = await tx.query<{ platform_guid: string | null }>(
      `UPDATE deployment d SET last_seen_at = clock_timestamp(),
              platform_guid = coalesce($2, d.platform_guid)
       FROM (SELECT id, platform_guid FROM deployment WHERE id = $1) AS old
       WHERE d.id = old.id RETURNING old.platform_guid`,
      [id, platformGuid ?? null],
    );
    const known = before?.platform_guid ?? undefined;
    return platformGuid !== undefined && known !== platformGuid ? known : undefined;
  }

  /** How many institutions use this issuer and client id. */
  async institutions(tx: Tx, issuer: string, clientId: string): Promise<number> {
    await seeAllInstitutions(tx);
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(DISTINCT institution_id)::int AS count FROM platform_key
       WHERE issuer = $1 AND client_id = $2`,
      [issuer, clientId],
    );
    return row?.count ?? 0;
  }
}
