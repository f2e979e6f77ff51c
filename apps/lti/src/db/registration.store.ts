import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

/** A platform as one institution registered it. */
export interface Registration {
  id: Id;
  institutionId: Id;
  issuer: string;
  clientId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  tokenAudience: string | null;
  productFamily: string;
  allowedHosts: string[];
  allowPrivateHosts: boolean;
  clockLeewaySeconds: number;
  status: 'active' | 'disabled';
  version: number;
}

/** What the login needs of a registration, whoever's it is. */
export interface PlatformKeyRow {
  institutionId: Id;
  registrationId: Id;
  clientId: string;
  authUrl: string;
}

const COLUMNS = `id, institution_id AS "institutionId", issuer, client_id AS "clientId",
  auth_url AS "authUrl", token_url AS "tokenUrl", jwks_url AS "jwksUrl",
  token_audience AS "tokenAudience", product_family AS "productFamily",
  allowed_hosts AS "allowedHosts", allow_private_hosts AS "allowPrivateHosts",
  clock_leeway_seconds AS "clockLeewaySeconds", status, version`;

const KEY_COLUMNS = `institution_id AS "institutionId", registration_id AS "registrationId",
  client_id AS "clientId", auth_url AS "authUrl"`;

/** Candidates that are looked at when a client id is shared by many institutions. */
const MAX_CANDIDATES = 500;

@Injectable()
export class RegistrationStore {
  async byId(tx: Tx, id: Id, lock = false): Promise<Registration | undefined> {
    const [row] = await tx.query<Registration>(
      `SELECT ${COLUMNS} FROM registration WHERE id = $1 ${lock ? 'FOR UPDATE' : ''}`,
      [id],
    );
    return row;
  }

  page(tx: Tx, after: Id | null, limit: number): Promise<Registration[]> {
    return tx.query<Registration>(
      `SELECT ${COLUMNS} FROM registration
       WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
      [after, limit],
    );
  }

  /** False when the institution has this issuer and client id already. */
  async insert(tx: Tx, row: Registration): Promise<boolean> {
    const inserted = await tx.query(
      `INSERT INTO registration (id, institution_id, issuer, client_id, auth_url, token_url,
         jwks_url, token_audience, product_family, allowed_hosts, allow_private_hosts,
         clock_leeway_seconds, status, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       ON CONFLICT (institution_id, issuer, client_id) DO NOTHING RETURNING 1`,
      [row.id, row.institutionId, row.issuer, row.clientId, ...editable(row), row.version],
    );
    if (inserted.length === 0) return false;
    await tx.query(
      `INSERT INTO platform_key (institution_id, registration_id, issuer, client_id, auth_url)
       VALUES ($1, $2, $3, $4, $5)`,
      [row.institutionId, row.id, row.issuer, row.clientId, row.authUrl],
    );
    return true;
  }

  async update(tx: Tx, row: Registration): Promise<void> {
    await tx.query(
      `UPDATE registration SET auth_url = $2, token_url = $3, jwks_url = $4, token_audience = $5,
         product_family = $6, allowed_hosts = $7, allow_private_hosts = $8,
         clock_leeway_seconds = $9, status = $10, version = $11
       WHERE id = $1`,
      [row.id, ...editable(row), row.version],
    );
    await tx.query(`UPDATE platform_key SET auth_url = $2 WHERE registration_id = $1`, [
      row.id,
      row.authUrl,
    ]);
  }

  /** Registrations of every institution with this issuer, and client id if one is given. */
  async candidates(
    tx: Tx,
    issuer: string,
    clientId: string | undefined,
  ): Promise<PlatformKeyRow[]> {
    await seeAllInstitutions(tx);
    return tx.query<PlatformKeyRow>(
      `SELECT ${KEY_COLUMNS} FROM platform_key
       WHERE issuer = $1 AND ($2::text IS NULL OR client_id = $2)
       ORDER BY registration_id LIMIT ${MAX_CANDIDATES}`,
      [issuer, clientId ?? null],
    );
  }

  /** The one registration, of whichever institution, that this deployment was given to. */
  async ofDeployment(
    tx: Tx,
    issuer: string,
    clientId: string,
    deploymentId: string,
  ): Promise<PlatformKeyRow | undefined> {
    await seeAllInstitutions(tx);
    const [row] = await tx.query<PlatformKeyRow>(
      `SELECT k.institution_id AS "institutionId", k.registration_id AS "registrationId",
              k.client_id AS "clientId", p.auth_url AS "authUrl"
       FROM deployment_key k JOIN platform_key p USING (institution_id, registration_id)
       WHERE k.issuer = $1 AND k.client_id = $2 AND k.deployment_id = $3`,
      [issuer, clientId, deploymentId],
    );
    return row;
  }
}

/** Until the transaction ends the look-up tables, and they alone, show every institution's ids. */
export async function seeAllInstitutions(tx: Tx): Promise<void> {
  await tx.query(`SELECT set_config('app.lti_lookup', 'on', true)`);
}

function editable(row: Registration): unknown[] {
  return [
    row.authUrl,
    row.tokenUrl,
    row.jwksUrl,
    row.tokenAudience,
    row.productFamily,
    row.allowedHosts,
    row.allowPrivateHosts,
    row.clockLeewaySeconds,
    row.status,
  ];
}
