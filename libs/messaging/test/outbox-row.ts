import { messageAttributes, messageBytes } from '../src/envelope/message-attributes.js';
import type { OutboxRow } from '../src/outbox/outbox-rows.js';
import { envelope } from './fixtures.js';

let nextId = 1;

/** An event as the relay claims it. */
export function outboxRow(given: {
  key: string;
  shard?: number;
  bytes?: number;
  topic?: string;
}): OutboxRow {
  const { key, shard = 0, bytes = 10, topic = 'topic' } = given;
  const body = JSON.stringify(envelope({ data: { text: 'x'.repeat(bytes) } }));
  const attributes = messageAttributes({ id: '', type: '', subject: '', tenant: '' }, {});
  return {
    id: String(nextId++),
    created_at: '2026-11-23 00:00:00+00',
    event_id: '',
    topic,
    agg_key: key,
    shard,
    institution_id: '',
    attempts: 0,
    body,
    attributes,
    bytes: messageBytes(body, attributes),
    headers: {},
  };
}
