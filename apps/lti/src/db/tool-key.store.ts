import { Injectable } from '@nestjs/common';
import type { Tx } from '@parlance/messaging';
import type { JWK } from 'jose';

export type Purpose = 'tool' | 'assertion';

export interface ToolKeyRow {
  kid: string;
  public_jwk: JWK;
  sealed_private: Buffer;
  secret_id: string;
  signs_from: Date;
  gone_at: Date | null;
}

@Injectable()
export class ToolKeyStore {
  /** Rotations of one purpose wait for each other until the transaction ends. */
  async lock(tx: Tx, purpose: Purpose): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext($1))`, [`tool_key:${purpose}`]);
  }

  /** All that are published, the one that signs last first. */
  live(tx: Tx, purpose: Purpose): Promise<ToolKeyRow[]> {
    return tx.query<ToolKeyRow>(
      `SELECT kid, public_jwk, sealed_private, secret_id, signs_from, gone_at FROM tool_key
       WHERE purpose = $1 AND (gone_at IS NULL OR gone_at > clock_timestamp())
       ORDER BY signs_from DESC, kid`,
      [purpose],
    );
  }

  async add(
    tx: Tx,
    purpose: Purpose,
    key: Pick<ToolKeyRow, 'kid' | 'public_jwk' | 'sealed_private' | 'secret_id' | 'signs_from'>,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO tool_key (kid, purpose, public_jwk, sealed_private, secret_id, signs_from)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        key.kid,
        purpose,
        JSON.stringify(key.public_jwk),
        key.sealed_private,
        key.secret_id,
        key.signs_from,
      ],
    );
  }

  /** The keys before `kid` stay published until `goneAt`: what they signed is still on its way. */
  async retireOthers(tx: Tx, purpose: Purpose, kid: string, goneAt: Date): Promise<void> {
    await tx.query(
      `UPDATE tool_key SET gone_at = $3 WHERE purpose = $1 AND kid <> $2 AND gone_at IS NULL`,
      [purpose, kid, goneAt],
    );
  }
}
