import type { Topology } from '@parlance/events';

/**
 * Where letters lie. `unhandled`: the consumer could not handle them; `undelivered`: SNS could not
 * hand them to the queue; `unpublished`: SNS refused them, they wait in the producer's outbox.
 */
export type LetterKind = 'unhandled' | 'undelivered' | 'unpublished';

/** One dead-letter queue and the only queue its letters may go back to. */
export interface LetterQueue {
  name: string;
  kind: 'unhandled' | 'undelivered';
  sourceName: string;
  consumer: string;
  /** Who wrote what lies there. */
  owner: string;
}

/** Both dead-letter queues of every queue, in the order of their names. */
export function letterQueuesOf({ queues }: Topology): LetterQueue[] {
  return queues
    .flatMap(({ name, deadLetterName, subscriptionDeadLetterName, consumer, owner }) => {
      const shared = { sourceName: name, consumer, owner };
      return [
        { ...shared, name: deadLetterName, kind: 'unhandled' as const },
        { ...shared, name: subscriptionDeadLetterName, kind: 'undelivered' as const },
      ];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
