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
   * Adds an event and returns its id; while a projection is rebuilt, adds nothing. Throws EventDataInvalid when the data does not fit the
   * event's schema. Until the transaction ends, others that add events of the same key wait.
   */
  async add<T extends object>(tx: Tx, event: EventDefinition<T>, e: NewEvent<T>): Promise<Id> {
    const [id] = await this.addAll(tx, event, [e]);
    return id as Id;
  }

  /**
   * Adds events of one type in one statement, and returns their ids in the same order. All of them
   * or, when one does not fit, none.
   */
  async addAll<T extends object>(
    tx: Tx,
    event: EventDefinition<T>,
    events: readonly NewEvent<T>[],
  ): Promise<Id[]> {
    const topic = this.topicOf(event);
    const made: Made[] = [];
    try {
      for (const e of events) made.push(this.make(topic, event, e));
      // Told when it happened; whoever heard it then must not hear it again.
      if (inbound.getStore()?.isReplay) return made.map(({ envelope }) => envelope.id);
      await Promise.all(made.map(({ envelope }) => this.putAway(envelope)));
      if (made.length > 0) await this.insert(tx, topic, made);
      return made.map(({ envelope }) => envelope.id);
    } catch (error) {
      for (const { span } of made) failSpan(span, error);
      throw error;
    } finally {
      for (const { span } of made) span.end();
    }
  }

  private make<T extends object>(topic: string, event: EventDefinition<T>, e: NewEvent<T>): Made {
    const data = storableData(e.data) as T;
    parseEventData(event, data);
    const subject = e.subject ?? (data[event.subject] as Id);
    assertKeys(event, subject, e);
    const id = newId();
    const span = createSpan(topic, {
      [MESSAGE_ID]: id,
      'app.event_type': event.type,
      'app.tenant': e.institutionId,
    });
    return { span, envelope: envelopeFor(span, event, e, { id, subject, data }) };
  }

  private async putAway(envelope: StoredEnvelope): Promise<void> {
    const { data } = envelope;
    if (Buffer.byteLength(JSON.stringify(data)) <= LARGE_DATA_BYTES) return;
    envelope.dataref = await this.large.put(envelope.id, data);
    envelope.data = {};
  }

  private async insert(tx: Tx, topic: string, made: readonly Made[]): Promise<void> {
    const envelopes = made.map(({ envelope }) => envelope);
    const rows = await tx.query<{ shard: number }>(INSERT, [
      topic,
      envelopes.map(({ partitionkey }) => partitionkey),
      envelopes.map(({ id }) => id),
      envelopes.map(({ tenant }) => tenant),
      envelopes.map(({ traceparent }) => traceparent?.split('-')[1] ?? null),
      envelopes.map(({ type }) => type),
      envelopes.map(({ sequence }) => sequence),
      envelopes.map((envelope) => JSON.stringify(envelope)),
      envelopes.map(({ traceparent, tracestate }) => JSON.stringify({ traceparent, tracestate })),
    ]);
    if (rows.length !== made.length) throw new Error('The outbox did not take the events.');
    const shards = new Set(rows.map((row) => Number(row.shard)));
    tx.afterCommit?.(() => shards.forEach((shard) => this.signal.notify(shard)));
  }

  private topicOf(event: { type: string; owner: string }): string {
    const topic = this.topics.get(event.owner);
    if (event.owner !== this.config.service || topic === undefined) {
      throw new Error(`${event.type} belongs to ${event.owner}, not to ${this.config.service}.`);
    }
    return topic;
  }
}

interface Made {
  /** Beginning of the event's way; its context travels with the event. */
  span: Span;
  envelope: StoredEnvelope;
}

function envelopeFor<T extends object>(
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

/**
 * The locks make writers of one key take turns until they commit, and they are taken before the
 * ids are drawn: so ids of one key are in the order of their commits, which is the order of the
 * relay. They are taken in one order everywhere, so that two writers of many keys do not deadlock.
 */
const INSERT = `
WITH keys AS (
  SELECT DISTINCT hashtextextended('outbox ' || key, 0) AS hash
    FROM unnest($2::text[]) AS key ORDER BY hash
), turn AS MATERIALIZED (
  SELECT count(pg_advisory_xact_lock(hash)) FROM keys
)
INSERT INTO outbox (topic, agg_key, event_id, institution_id, trace_id, type, agg_version, shard,
                    envelope, headers)
SELECT $1::text, e.key, e.id, e.institution, e.trace, e.type, e.version,
       (hashtextextended(e.key, 1) & ${SHARDS - 1})::smallint, e.envelope, e.headers
  FROM turn
 CROSS JOIN unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
                   $8::jsonb[], $9::jsonb[])
       WITH ORDINALITY AS e(key, id, institution, trace, type, version, envelope, headers, place)
 ORDER BY e.place
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
