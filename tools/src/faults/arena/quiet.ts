import { awsClients, type TransactionSource, type Tx } from '@parlance/messaging';
import { settle } from '@parlance/messaging/testing';
import { addressOf } from '../../start/layout.js';
import type { Arena } from './arena.js';
import { MESSAGING_SERVICES } from './databases.js';
import { TOPOLOGY } from './queues.js';
import { waitUntil } from './wait-until.js';

/**
 * Resolves when nothing is under way any more: outboxes sent, queues empty, nothing in flight.
 * Rejects with what is left when that takes too long, which is a failure of its own.
 */
export async function quiesce(arena: Arena, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  // Looked at from afar first: settle() asks every 20 ms, which would hold up those still at work.
  await waitUntil(() => isNearlyQuiet(arena), timeoutMs, 500);
  const clients = awsClients({ AWS_ENDPOINT_URL: addressOf(arena.layout.emulatorPort) });
  try {
    await settle({
      sqs: clients.sqs,
      topology: TOPOLOGY,
      transactions: MESSAGING_SERVICES.map((service) => readerOf(arena, service)),
      timeoutMs: Math.max(5000, deadline - performance.now()),
    });
  } finally {
    for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
  }
}

async function isNearlyQuiet({ databases, queues }: Arena): Promise<boolean> {
  if (Object.keys(await queues.waiting()).length > 0) return false;
  for (const service of MESSAGING_SERVICES) {
    const sql = 'SELECT count(*) AS count FROM outbox WHERE published_at IS NULL';
    if ((await databases.count(service, sql)) > 0) return false;
  }
  return true;
}

/** Enough of a TransactionSource to look around with. */
function readerOf({ databases }: Arena, service: string): TransactionSource {
  const tx: Tx = {
    query: <R>(sql: string, params: readonly unknown[] = []) =>
      databases.rows<R>(service, sql, [...params]),
  };
  return {
    inInstitution: (_institutionId, work) => work(tx),
    asMessaging: (work) => work(tx),
  };
}
