import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EVENTS, topologyOf } from '@parlance/events';
import { Refusal } from '@parlance/kernel';
import { type AwsClients, awsClients } from '@parlance/messaging';
import { CONFIG, type ServiceConfig } from '@parlance/platform';

export interface DeadLetterQueue {
  name: string;
  /** Messages that lie there, as SQS estimates; null when the queue does not exist. */
  depth: number | null;
}

export interface DeadLetterReport {
  total: number;
  queues: DeadLetterQueue[];
}

const PATIENCE_MS = 3000;

/** How many messages nobody could handle, or SNS could not hand over, lie in each queue. */
@Injectable()
export class DeadLetters implements OnApplicationShutdown {
  private readonly clients: AwsClients = awsClients();
  private readonly names: string[];
  private readonly urls = new Map<string, string>();

  constructor(@Inject(CONFIG) config: ServiceConfig) {
    const { queues } = topologyOf(EVENTS, config.TOPOLOGY_PREFIX);
    this.names = queues.flatMap((queue) => [
      queue.deadLetterName,
      queue.subscriptionDeadLetterName,
    ]);
  }

  /** Throws a Refusal (503) when SQS does not answer. */
  async report(): Promise<DeadLetterReport> {
    const abortSignal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const queues = await Promise.all(
        this.names.map(async (name) => ({ name, depth: await this.depth(name, abortSignal) })),
      );
      return { total: queues.reduce((sum, { depth }) => sum + (depth ?? 0), 0), queues };
    } catch {
      const detail = 'SQS does not answer, so the dead letters cannot be counted now.';
      throw new Refusal('unavailable', 'queues-unavailable', detail, [], 2);
    }
  }

  onApplicationShutdown(): void {
    for (const client of Object.values(this.clients)) client.destroy();
  }

  private async depth(name: string, abortSignal: AbortSignal): Promise<number | null> {
    const { sqs } = this.clients;
    try {
      let url = this.urls.get(name);
      if (url === undefined) {
        const found = await sqs.send(new GetQueueUrlCommand({ QueueName: name }), { abortSignal });
        url = found.QueueUrl ?? '';
        this.urls.set(name, url);
      }
      const attribute = 'ApproximateNumberOfMessages';
      const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [attribute] });
      const { Attributes } = await sqs.send(asked, { abortSignal });
      return Number(Attributes?.[attribute] ?? 0);
    } catch (error) {
      if (!(error instanceof Error) || !/QueueDoesNotExist|NonExistentQueue/.test(error.name)) {
        throw error;
      }
      this.urls.delete(name);
      return null;
    }
  }
}
