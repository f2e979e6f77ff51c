import type { QueuePlan, Topology } from '@parlance/events';
import type { TopologyMode } from '../config.js';
import type { AwsClients } from '../localstack-client/index.js';
import { unobserved } from '../trace/trace-context.js';
import { checkQueue, findTopics } from './check-topology.js';
import { createQueue, createTopic } from './create-topology.js';

export interface QueueAddress {
  plan: QueuePlan;
  url: string;
  deadLetterUrl: string;
}

/** Where the topics and queues of a topology are. */
export interface TopologyAddresses {
  /** Topic name to ARN. */
  topicArns: ReadonlyMap<string, string>;
  /** Queue name to its URLs. */
  queues: ReadonlyMap<string, QueueAddress>;
}

/** The topology is not what the code needs. The message names everything that is wrong. */
export class TopologyFault extends Error {
  override readonly name = 'TopologyFault';

  constructor(readonly faults: string[]) {
    super(`The messaging topology is not as it must be. ${faults.join(' ')}`);
  }
}

/**
 * Makes the topology (`create`: any number of processes may do so at once) or verifies it
 * (`check`: changes nothing, rejects with a TopologyFault that names all that is wrong), and
 * returns where everything is.
 */
export function ensureTopology(
  clients: Pick<AwsClients, 'sns' | 'sqs'>,
  topology: Topology,
  options: { mode: TopologyMode },
): Promise<TopologyAddresses> {
  return unobserved(() =>
    options.mode === 'create' ? create(clients, topology) : check(clients, topology),
  );
}

async function create(
  clients: Pick<AwsClients, 'sns' | 'sqs'>,
  topology: Topology,
): Promise<TopologyAddresses> {
  const topicArns = new Map<string, string>();
  for (const { name } of topology.topics) topicArns.set(name, await createTopic(clients, name));
  const queues = new Map<string, QueueAddress>();
  for (const plan of topology.queues) {
    const topicArn = topicArns.get(plan.topicName);
    if (topicArn === undefined) throw new Error(`${plan.name} reads from an unplanned topic.`);
    queues.set(plan.name, await createQueue(clients, plan, topicArn));
  }
  return { topicArns, queues };
}

async function check(
  clients: Pick<AwsClients, 'sns' | 'sqs'>,
  topology: Topology,
): Promise<TopologyAddresses> {
  const faults: string[] = [];
  const wanted = new Set(topology.topics.map(({ name }) => name));
  const topicArns = await findTopics(clients, wanted);
  for (const name of wanted) {
    if (!topicArns.has(name)) faults.push(`The topic ${name} does not exist.`);
  }
  const queues = new Map<string, QueueAddress>();
  for (const plan of topology.queues) {
    const topicArn = topicArns.get(plan.topicName);
    if (topicArn === undefined) continue;
    const found = await checkQueue(clients, plan, topicArn);
    faults.push(...found.faults);
    if (found.address) queues.set(plan.name, found.address);
  }
  if (faults.length > 0) throw new TopologyFault(faults);
  return { topicArns, queues };
}
