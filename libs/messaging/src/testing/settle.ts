import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Topology } from '@parlance/events';
import type { TransactionSource } from '../transaction.js';
import { eventually } from './eventually.js';

export interface SettleParts {
  sqs: SQSClient;
  topology: Topology;
  /** Of every service that takes part. */
  transactions: readonly TransactionSource[];
  timeoutMs?: number;
}

interface Look {
  isEmpty: boolean;
  /** Grows with everything that happens: equal twice means nothing happened between. */
  activity: string;
  left: string;
}

/**
 * Resolves when nothing is under way: outboxes sent, queues empty, nothing in flight, seen twice
 * with nothing happening in between. Rejects with what is left. An event whose key waits behind a
 * failed one counts as left; dead letters do not.
 */
export async function settle(parts: SettleParts): Promise<void> {
  const urls = await queueUrls(parts);
  let previous: Look | undefined;
  await eventually(
    async () => {
      const look = await lookAround(parts, urls);
      const isSettled = look.isEmpty && previous?.isEmpty && previous.activity === look.activity;
      previous = look;
      return isSettled ? true : undefined;
    },
    () => `everything settled; left: ${previous?.left}`,
    parts.timeoutMs ?? 30_000,
  );
}

async function queueUrls({ sqs, topology }: SettleParts): Promise<Map<string, string>> {
  const urls = new Map<string, string>();
  for (const { name } of topology.queues) {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    urls.set(name, QueueUrl ?? '');
  }
  return urls;
}

async function lookAround(parts: SettleParts, urls: Map<string, string>): Promise<Look> {
  const left: string[] = [];
  const activity: string[] = [];
  for (const [index, transactions] of parts.transactions.entries()) {
    const rows = await transactions.asMessaging((tx) =>
      tx.query<Record<'unsent' | 'sent' | 'entered', string>>(
        `SELECT count(*) FILTER (WHERE published_at IS NULL)::text AS unsent,
                count(*)::text AS sent, (SELECT count(*) FROM inbox)::text AS entered
           FROM outbox`,
      ),
    );
    const { unsent, sent, entered } = rows[0] ?? { unsent: '0', sent: '0', entered: '0' };
    if (unsent !== '0') left.push(`outbox ${index}: ${unsent}`);
    activity.push(`${sent}/${entered}`);
  }
  for (const [name, url] of urls) {
    const count = await messagesIn(parts.sqs, url);
    if (count > 0) left.push(`${name}: ${count}`);
  }
  return { isEmpty: left.length === 0, activity: activity.join(), left: left.join(', ') };
}

/** Messages in a queue: visible, in flight and delayed. */
export async function messagesIn(sqs: SQSClient, url: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}
