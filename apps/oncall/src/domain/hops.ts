import type { Delivery, Hop, InboxRow, OutboxRow, ViewSpan } from './trace-view.js';

const MESSAGE_ID = 'messaging.message.id';

/**
 * The way of every event: from its outbox row, or from its `create` span when the row is not to be
 * had, to the tries of its consumers. What the spans no longer tell the inbox rows do.
 */
export function hopsOf(
  spans: readonly ViewSpan[],
  outbox: readonly OutboxRow[],
  inbox: readonly InboxRow[],
): Hop[] {
  const hops = new Map<string, Hop>();
  for (const row of outbox) hops.set(row.eventId, hopOfRow(row));
  for (const span of spans) {
    const eventId = messageIdOf(span);
    if (span.kind !== 'producer' || eventId === undefined || hops.has(eventId)) continue;
    hops.set(eventId, hopOfSpan(span, eventId));
  }
  for (const span of spans) {
    const hop = hops.get(messageIdOf(span) ?? '');
    if (span.kind === 'consumer' && hop !== undefined) hop.deliveries.push(deliveryOf(span));
  }
  for (const row of inbox) addInboxRow(hops, row);
  for (const { deliveries } of hops.values()) {
    deliveries.sort((one, other) => one.at.localeCompare(other.at));
  }
  return [...hops.values()].sort((one, other) => one.createdAt.localeCompare(other.createdAt));
}

function messageIdOf(span: ViewSpan): string | undefined {
  const id = span.attributes[MESSAGE_ID];
  return typeof id === 'string' ? id : undefined;
}

function hopOfRow(row: OutboxRow): Hop {
  const { eventId, type, service: from, createdAt, publishedAt, failedAt } = row;
  const lagMs = publishedAt === null ? null : Date.parse(publishedAt) - Date.parse(createdAt);
  return { eventId, type, from, createdAt, publishedAt, failedAt, lagMs, deliveries: [] };
}

function hopOfSpan(span: ViewSpan, eventId: string): Hop {
  return {
    eventId,
    type: String(span.attributes['app.event_type'] ?? span.name),
    from: span.service,
    createdAt: span.startedAt,
    publishedAt: null,
    failedAt: null,
    lagMs: null,
    deliveries: [],
  };
}

function deliveryOf(span: ViewSpan): Delivery {
  return {
    service: span.service,
    receiveCount: Number(span.attributes['app.receive_count'] ?? 1),
    outcome: String(span.attributes['app.outcome'] ?? (span.status === 'error' ? 'failed' : '?')),
    at: span.startedAt,
    durationMs: span.durationMs,
  };
}

function addInboxRow(hops: Map<string, Hop>, row: InboxRow): void {
  const hop = hops.get(row.eventId);
  const isTold = hop?.deliveries.some(
    ({ service, outcome }) => service === row.service && outcome === 'applied',
  );
  if (hop === undefined || isTold === true) return;
  hop.deliveries.push({
    service: row.service,
    receiveCount: row.receiveCount,
    outcome: 'applied',
    at: row.processedAt,
    durationMs: null,
  });
}
