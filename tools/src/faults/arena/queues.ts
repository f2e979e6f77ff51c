import { EVENTS, topologyOf } from '@parlance/events';
import { type LetterQueue, type QueueMessage, QueueAccess } from '@parlance/messaging/testing';

export const TOPOLOGY = topologyOf(EVENTS);

/** The platform's queues, spoken to without a proxy. */
export class Queues {
  private readonly access: QueueAccess;

  constructor(endpoint: string) {
    this.access = new QueueAccess(endpoint);
  }

  queue(name: string): Promise<LetterQueue> {
    return this.access.queue(name);
  }

  /** Messages in each queue that holds some; dead-letter queues are left out. */
  async waiting(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { name } of TOPOLOGY.queues) {
      const count = await (await this.queue(name)).count();
      if (count > 0) counts[name] = count;
    }
    return counts;
  }

  /** All dead letters, by the queue they lie in; they stay there. */
  async deadLetters(): Promise<Record<string, QueueMessage[]>> {
    const letters: Record<string, QueueMessage[]> = {};
    for (const { deadLetterName, subscriptionDeadLetterName } of TOPOLOGY.queues) {
      for (const name of [deadLetterName, subscriptionDeadLetterName]) {
        const found = await (await this.queue(name)).look();
        if (found.length > 0) letters[name] = found;
      }
    }
    return letters;
  }

  close(): void {
    this.access.close();
  }
}
