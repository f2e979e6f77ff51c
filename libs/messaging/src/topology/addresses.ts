import type { Topology } from '@parlance/events';
import type { TopologyMode } from '../config.js';
import type { AwsClients } from '../localstack-client/index.js';
import { ensureTopology, type TopologyAddresses } from './ensure-topology.js';

/** Names of errors that say a topic or queue is not there. */
const GONE = new Set([
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'NotFoundException',
  'NotFound',
]);

/**
 * Where the topics and queues are: made or checked at the first question and remembered. When one
 * turns out to be gone, as after an emulator lost its memory, they are made or checked once more.
 */
export class Addresses {
  private known: Promise<TopologyAddresses> | undefined;

  constructor(
    private readonly clients: Pick<AwsClients, 'sns' | 'sqs'>,
    private readonly topology: Topology,
    private readonly mode: TopologyMode,
  ) {}

  all(): Promise<TopologyAddresses> {
    this.known ??= ensureTopology(this.clients, this.topology, { mode: this.mode }).catch(
      (error: unknown) => {
        this.known = undefined;
        throw error;
      },
    );
    return this.known;
  }

  async topicArn(name: string): Promise<string> {
    const arn = (await this.all()).topicArns.get(name);
    if (arn === undefined) throw new Error(`There is no topic ${name} in the topology.`);
    return arn;
  }

  /** To be told of every failed call, for the sake of those that mean "there is no such thing". */
  onCallFailed(error: unknown): void {
    if (error instanceof Error && GONE.has(error.name)) this.known = undefined;
  }
}
