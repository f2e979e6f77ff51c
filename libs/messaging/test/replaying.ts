import { type EventDefinition, topologyOf } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { resolveConfig } from '../src/config.js';
import {
  Addresses,
  type AwsClients,
  type ReplayRequest,
  ReplaySender,
  Replays,
  type ReplayView,
  type TransactionSource,
} from '../src/index.js';
import { silentLog } from '../src/log.js';
import { eventually } from '../src/testing/index.js';
import type { TestDatabase } from './database.js';
import { score, Scored, TEST_EVENTS } from './fixtures.js';
import { makeProducer } from './producer.js';

export interface ReplayingParts {
  db: TestDatabase;
  prefix: string;
  clients: AwsClients;
  events?: readonly EventDefinition[];
}

/** The grading service as far as it tells its history again: what it told, and its senders. */
export class Replaying {
  readonly replays: Replays;
  readonly institutionId = newId();
  private readonly senders: ReplaySender[] = [];

  constructor(private readonly parts: ReplayingParts) {
    this.replays = new Replays(this.config(), parts.db.transactions);
  }

  private config() {
    const { prefix, events = TEST_EVENTS } = this.parts;
    const replay = { leaseMs: 1_500, pollMs: 20 };
    return resolveConfig({ service: 'grading', prefix, topologyMode: 'create', events, replay });
  }

  sender(given: { clients?: AwsClients; transactions?: TransactionSource } = {}): ReplaySender {
    const { clients = this.parts.clients, transactions = this.parts.db.transactions } = given;
    const config = this.config();
    const addresses = new Addresses(
      clients,
      topologyOf(config.events, config.prefix),
      config.topologyMode,
    );
    const parts = { config, transactions, sqs: clients.sqs, addresses, log: silentLog };
    const sender = new ReplaySender(parts);
    this.senders.push(sender);
    sender.start();
    return sender;
  }

  async stop(): Promise<void> {
    await Promise.all(this.senders.map((sender) => sender.stop()));
  }

  /** Events that were published, and of which the broker knows nothing any more. */
  async told(
    count: number,
    given: { institutionId?: Id; scoreId?: Id; publish?: boolean } = {},
  ): Promise<Id[]> {
    const { institutionId = this.institutionId, scoreId, publish = true } = given;
    const { db, prefix, clients } = this.parts;
    const { outbox } = makeProducer({ prefix, clients, transactions: db.transactions });
    const ids: Id[] = [];
    for (let version = 1; version <= count; version += 1) {
      const data = score({ ...(scoreId && { scoreId }), points: version });
      ids.push(
        await db.transactions.inInstitution(institutionId, (tx) =>
          outbox.add(tx, Scored, { version, institutionId, data }),
        ),
      );
    }
    if (publish) await this.mark(ids, 'published_at = clock_timestamp()');
    return ids;
  }

  async mark(ids: Id[], set: string): Promise<void> {
    await this.parts.db.owner.query(`UPDATE outbox SET ${set} WHERE event_id = ANY ($1)`, [ids]);
  }

  create(given: Partial<ReplayRequest> = {}): Promise<ReplayView> {
    return this.replays.create({
      id: newId(),
      consumer: 'gradebook',
      mode: 'repair',
      ratePerSecond: 10_000,
      reason: 'test',
      createdBy: 'test',
      ...given,
    });
  }

  done(id: Id): Promise<ReplayView> {
    return eventually(
      async () => {
        const view = await this.replays.show(id);
        return view.state === 'done' ? view : undefined;
      },
      () => `the replay ${id} sent`,
    );
  }
}
