import type { Span } from '@opentelemetry/api';
import { type EventDefinition, parseEventData, topologyOf } from '@parlance/events';
import { type Id, isId, newId } from '@parlance/kernel';
import type { ResolvedConfig } from '../config.js';
import { inbound } from '../consume/inbound.js';
import { LARGE_DATA_BYTES, type LargeData } from '../envelope/claim-check.js';
import { envelopeOf, type StoredEnvelope } from '../envelope/envelope.js';
import { storableData } from '../envelope/storable.js';
import { SHARDS } from '../migration/messaging-migration.js';
import { CONVERSATION_ID, createSpan, failSpan, MESSAGE_ID } from '../trace/spans.js';
import { traceHeaders } from '../trace/trace-context.js';
import type { Tx } from '../transaction.js';
import type { OutboxSignal } from './outbox-signal.js';

/** One thing that happened, to be told to the other services. */
export interface NewEvent<T extends object> {
  /** Id of the aggregate; the event's subject field of `data` when left out. */
  subject?: Id;
  /** Version of the aggregate after what happened; grows with every event of the subject. */
  version: number;
  institutionId: Id;
  data: T;
  /** Events of one key are published in the order of their commits; the subject by default. */
  partitionKey?: string;
}

/**
 * Where events are written, in the transaction of what they tell about: both commit or neither
 * does. The relay publishes them afterwards.
 */
export class Outbox {
  private readonly topics: ReadonlyMap<string, string>;

  constructor(
    private readonly config: ResolvedConfig,
    private readonly signal: OutboxSignal,
    private readonly large: LargeData,
  ) {
    const { topics } = topologyOf(config.events, config.prefix);
    this.topics = new Map(topics.map((topic) => [topic.owner, topic.name]));
  }

  /**
   * Adds an event and returns its id; while a projection is rebuilt, adds nothing. Throws
   * EventDataInvalid when the data does not fit the event's schema. Until the transaction ends, others that add events of the same key wait: a
   * transaction that adds several keys should do so in a fixed order, and not by the thousand.
   */
  async add<T extends object>(tx: Tx, event: EventDefinition<T>, e: NewEvent<T>): Promise<Id> {
    const topic = this.topicOf(event);
    const data = storableData(e.data) as T;
    parseEventData(event, data);
    const subject = e.subject ?? (data[event.subject] as Id);
    assertKeys(event, subject, e);
    const id = newId();
    // Told when it happened; whoever heard it then must not hear it again.
    if (inbound.getStore()?.isReplay) return id;
    const span = createSpan(topic, {
      [MESSAGE_ID]: id,
      'app.event_type': event.type,
      'app.tenant': e.institutionId,
    });
    try {
      const envelope = this.envelope(span, event, e, { id, subject, data });
      if (Buffer.byteLength(JSON.stringify(data)) > LARGE_DATA_BYTES) {
        envelope.dataref = await this.large.put(id, data);
        envelope.data = {};
      }
      await this.insert(tx, topic, envelope);
      return id;
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  private envelope<T extends object>(
    span: Span,
    event: EventDefinition<T>,
    e: NewEvent<T>,
    made: { id: Id; subject: Id; data: T },
  ): StoredEnvelope {
    const cause = inbound.getStore();
    const headers = traceHeaders(span.spanContext());
    const correlationId =
      cause?.correlationId ?? (headers.traceparent ? span.spanContext().traceId : undefined);
    if (correlationId !== undefined) span.setAttribute(CONVERSATION_ID, correlationId);
    return envelopeOf(
      event as unknown as EventDefinition,
      {
        ...made,
        version: e.version,
        institutionId: e.institutionId,
        partitionKey: e.partitionKey ?? made.subject,
        headers,
        correlationId,
        causationId: cause?.eventId,
      },
      new Date(),
    );
  }

  private async insert(tx: Tx, topic: string, envelope: StoredEnvelope): Promise<void> {
    const { traceparent, tracestate } = envelope;
    const headers = { traceparent, tracestate };
    const [row] = await tx.query<{ shard: number }>(INSERT, [
      envelope.partitionkey,
      envelope.id,
      envelope.tenant,
      traceparent?.split('-')[1] ?? null,
      topic,
      envelope.type,
      envelope.sequence,
      JSON.stringify(envelope),
      JSON.stringify(headers),
    ]);
    if (row === undefined) throw new Error('The outbox did not take the event.');
    tx.afterCommit?.(() => this.signal.notify(Number(row.shard)));
  }

  private topicOf(event: { type: string; owner: string }): string {
    const topic = this.topics.get(event.owner);
    if (event.owner !== this.config.service || topic === undefined) {
      throw new Error(`${event.type} belongs to ${event.owner}, not to ${this.config.service}.`);
    }
    return topic;
  }
}

/**
 * The lock makes writers of one key take turns until they commit, and it is taken before the id is
 * drawn: so ids of one key are in the order of their commits, which is the order of the relay.
 */
const INSERT = `
WITH turn AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(hashtextextended('outbox ' || $1::text, 0))
)
INSERT INTO outbox (event_id, institution_id, trace_id, topic, type, agg_key, agg_version, shard,
                    envelope, headers)
SELECT $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $1::text, $7::bigint,
       (hashtextextended($1::text, 1) & ${SHARDS - 1})::smallint, $8::jsonb, $9::jsonb
  FROM turn
RETURNING shard`;

function assertKeys(event: { type: string }, subject: unknown, e: NewEvent<object>): void {
  if (!isId(subject)) throw new Error(`${event.type}: the subject is not an id.`);
  if (!isId(e.institutionId)) throw new Error(`${event.type}: the institution is not an id.`);
  if (!Number.isSafeInteger(e.version) || e.version < 0) {
    throw new Error(`${event.type}: the version must be a whole number from 0.`);
  }
  const key = e.partitionKey;
  if (key !== undefined && (key === '' || key.length > 128)) {
    throw new Error(`${event.type}: the partition key must have 1 to 128 characters.`);
  }
}
