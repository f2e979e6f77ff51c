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
  return {
    id: String(nextId++),
    created_at: '2026-11-23 00:00:00+00',
    event_id: '',
    topic,
    agg_key: key,
    shard,
    institution_id: '',
    attempts: 0,
    body: JSON.stringify(envelope({ data: { text: 'x'.repeat(bytes) } })),
    identity: { id: '', type: '', subject: '', tenant: '' },
    headers: {},
  };
}
