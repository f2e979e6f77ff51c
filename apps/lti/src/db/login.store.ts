import { Injectable } from '@nestjs/common';
import type { Tx } from '@parlance/messaging';

export interface Login {
  issuer: string;
  clientId: string;
  deploymentId: string | null;
  targetLinkUri: string;
  nonceHash: Buffer;
}

export interface NewLogin extends Login {
  stateHash: Buffer;
  browserHash: Buffer;
  storageTarget: string | null;
  ttlSeconds: number;
}

export interface LoginFate {
  consumed: boolean;
  expired: boolean;
}

@Injectable()
export class LoginStore {
  async insert(tx: Tx, login: NewLogin): Promise<void> {
    await tx.query(
      `INSERT INTO login (state_hash, nonce_hash, browser_hash, issuer, client_id, deployment_id,
                          target_link_uri, storage_target, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + make_interval(secs => $9))`,
      [
        login.stateHash,
        login.nonceHash,
        login.browserHash,
        login.issuer,
        login.clientId,
        login.deploymentId,
        login.targetLinkUri,
        login.storageTarget,
        login.ttlSeconds,
      ],
    );
  }

  /**
   * One statement decides: of any number of requests with one state, from whatever process, the
   * row's lock lets exactly one through. Another browser does not use the state up.
   */
  async consume(tx: Tx, stateHash: Buffer, browserHash: Buffer): Promise<Login | undefined> {
    const [login] = await tx.query<Login>(
      `UPDATE login SET consumed_at = clock_timestamp()
       WHERE state_hash = $1 AND browser_hash = $2 AND consumed_at IS NULL
         AND expires_at > clock_timestamp()
       RETURNING issuer, client_id AS "clientId", deployment_id AS "deploymentId",
                 target_link_uri AS "targetLinkUri", nonce_hash AS "nonceHash"`,
      [stateHash, browserHash],
    );
    return login;
  }

  /** Why a state was not consumed. */
  async fate(tx: Tx, stateHash: Buffer): Promise<LoginFate | undefined> {
    const [row] = await tx.query<LoginFate>(
      `SELECT consumed_at IS NOT NULL AS consumed, expires_at <= clock_timestamp() AS expired
       FROM login WHERE state_hash = $1`,
      [stateHash],
    );
    return row;
  }

  /** States are kept a while after their end, so that a replay is told from an invention. */
  async forgetOld(tx: Tx): Promise<void> {
    await tx.query(
      `DELETE FROM login WHERE state_hash IN (
         SELECT state_hash FROM login
         WHERE expires_at < clock_timestamp() - interval '1 day' LIMIT 5000)`,
    );
  }
}
