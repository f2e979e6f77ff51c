import { SHARDS } from '../migration/messaging-migration.js';
import type { TransactionSource, Tx } from '../transaction.js';
import type { Lease } from './outbox-rows.js';

interface Held extends Lease {
  /** By this process's own clock; taken before the database was asked, so never too late. */
  validUntilMs: number;
}

/**
 * Which shards of the outbox this relay owns. A lease ends by the database's clock, so relays need
 * not agree on the time; every change of owner raises the shard's token.
 */
export class ShardLeases {
  private readonly held = new Map<number, Held>();

  constructor(
    private readonly transactions: TransactionSource,
    private readonly owner: string,
    private readonly leaseMs: number,
  ) {}

  get shards(): number[] {
    return [...this.held.keys()];
  }

  /** The lease of a shard while it is surely ours, else undefined. */
  lease(shard: number): Lease | undefined {
    return this.remainingMs(shard) > 0 ? this.held.get(shard) : undefined;
  }

  remainingMs(shard: number): number {
    return (this.held.get(shard)?.validUntilMs ?? 0) - performance.now();
  }

  /**
   * Renews what is held, gives up what is over the fair share, takes what is free. `isBusy` keeps a
   * shard from being given up in the middle of a round.
   */
  async keep(isBusy: (shard: number) => boolean): Promise<void> {
    const validUntilMs = performance.now() + this.leaseMs;
    const before = [...this.held.values()];
    const { renewed, acquired } = await this.transactions.asMessaging(async (tx) => {
      const share = await this.fairShare(tx);
      const renewed = await this.renew(tx, before);
      const surplus = renewed.size - share;
      if (surplus > 0) {
        const spare = this.shards.filter((shard) => !isBusy(shard)).slice(0, surplus);
        await this.giveUp(tx, spare);
      }
      return { renewed, acquired: surplus < 0 ? await this.acquire(tx, -surplus) : [] };
    });
    // Believed only now that it is committed.
    for (const lease of before) {
      if (!renewed.has(lease.shard)) this.held.delete(lease.shard);
      else lease.validUntilMs = validUntilMs;
    }
    for (const { shard, token } of acquired) {
      this.held.set(shard, { shard, token, owner: this.owner, validUntilMs });
    }
  }

  /** Gives up everything at once, so that another relay need not wait for the leases to end. */
  async release(): Promise<void> {
    await this.transactions.asMessaging(async (tx) => {
      await this.giveUp(tx, this.shards);
      await tx.query('DELETE FROM outbox_relay WHERE owner = $1', [this.owner]);
    });
  }

  private async fairShare(tx: Tx): Promise<number> {
    await tx.query(SEEN, [this.owner, this.leaseMs]);
    await tx.query(
      `DELETE FROM outbox_relay WHERE seen_until < clock_timestamp() - interval '1 hour'`,
    );
    const [row] = await tx.query<{ relays: number | string }>(
      'SELECT count(*) AS relays FROM outbox_relay WHERE seen_until > clock_timestamp()',
    );
    return Math.ceil(SHARDS / Math.max(1, Number(row?.relays ?? 1)));
  }

  private async renew(tx: Tx, leases: Lease[]): Promise<Set<number>> {
    const rows = await tx.query<{ shard: number }>(RENEW, [
      leases.map((lease) => lease.shard),
      leases.map((lease) => lease.token),
      this.owner,
      this.leaseMs,
    ]);
    return new Set(rows.map((row) => Number(row.shard)));
  }

  private async acquire(tx: Tx, count: number): Promise<{ shard: number; token: string }[]> {
    const rows = await tx.query<{ shard: number; token: string }>(ACQUIRE, [
      this.owner,
      this.leaseMs,
      count,
    ]);
    return rows.map(({ shard, token }) => ({ shard: Number(shard), token }));
  }

  private async giveUp(tx: Tx, shards: number[]): Promise<void> {
    // Forgotten before it is free for others: never the other way round.
    for (const shard of shards) this.held.delete(shard);
    await tx.query(
      `UPDATE outbox_shard SET owner = NULL, lease_until = NULL
        WHERE shard = ANY($1::smallint[]) AND owner = $2::text`,
      [shards, this.owner],
    );
  }
}

const SEEN = `
INSERT INTO outbox_relay (owner, seen_until)
VALUES ($1::text, clock_timestamp() + $2::int * interval '1 millisecond')
ON CONFLICT (owner) DO UPDATE SET seen_until = excluded.seen_until`;

const RENEW = `
UPDATE outbox_shard s SET lease_until = clock_timestamp() + $4::int * interval '1 millisecond'
  FROM unnest($1::smallint[], $2::bigint[]) AS mine(shard, token)
 WHERE s.shard = mine.shard AND s.token = mine.token AND s.owner = $3::text
RETURNING s.shard`;

/** Materialised, for a subquery may be run once per row of the outer table, and then takes all. */
const ACQUIRE = `
WITH free AS MATERIALIZED (
  SELECT shard FROM outbox_shard
   WHERE lease_until IS NULL OR lease_until < clock_timestamp()
   ORDER BY shard LIMIT $3::int FOR UPDATE SKIP LOCKED)
UPDATE outbox_shard
   SET owner = $1::text, token = token + 1,
       lease_until = clock_timestamp() + $2::int * interval '1 millisecond'
 WHERE shard IN (SELECT shard FROM free)
RETURNING shard, token::text AS token`;
