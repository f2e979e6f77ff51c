import { GetSubscriptionAttributesCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { QueuePlan } from '@parlance/events';
import type { AwsClients } from '../localstack-client/index.js';
import { findSubscription } from './create-topology.js';
import type { QueueAddress } from './ensure-topology.js';

type Clients = Pick<AwsClients, 'sns' | 'sqs'>;

/** ARNs of those of the named topics that exist. */
export async function findTopics(
  { sns }: Clients,
  names: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let token: string | undefined;
  do {
    const page = await sns.send(new ListTopicsCommand({ NextToken: token }));
    for (const { TopicArn } of page.Topics ?? []) {
      const name = TopicArn?.slice(TopicArn.lastIndexOf(':') + 1) ?? '';
      if (TopicArn !== undefined && names.has(name)) found.set(name, TopicArn);
    }
    token = page.NextToken;
  } while (token);
  return found;
}

/** Sentences on what is wrong with a queue, its dead-letter queues and its subscription. */
export async function checkQueue(
  clients: Clients,
  plan: QueuePlan,
  topicArn: string,
): Promise<{ faults: string[]; address?: QueueAddress }> {
  const [queue, deadLetters, undelivered] = await Promise.all([
    describe(clients, plan.name),
    describe(clients, plan.deadLetterName),
    describe(clients, plan.subscriptionDeadLetterName),
  ]);
  const faults: string[] = [];
  if (!queue) faults.push(`The queue ${plan.name} does not exist.`);
  if (!deadLetters) faults.push(`The dead-letter queue ${plan.deadLetterName} does not exist.`);
  if (!undelivered) faults.push(`The queue ${plan.subscriptionDeadLetterName} does not exist.`);
  if (!queue || !deadLetters || !undelivered) return { faults };
  const redrive = parse(queue.attributes.RedrivePolicy);
  if (redrive.deadLetterTargetArn !== deadLetters.arn) {
    faults.push(`The queue ${plan.name} does not redrive to ${plan.deadLetterName}.`);
  }
  for (const { name, attributes } of [queue, undelivered]) {
    if (!JSON.stringify(parse(attributes.Policy)).includes(`"${topicArn}"`)) {
      faults.push(`The policy of ${name} does not admit the topic ${plan.topicName}.`);
    }
  }
  faults.push(...(await checkSubscription(clients, plan, topicArn, queue.arn, undelivered.arn)));
  return { faults, address: { plan, url: queue.url, deadLetterUrl: deadLetters.url } };
}

async function checkSubscription(
  { sns }: Clients,
  plan: QueuePlan,
  topicArn: string,
  queueArn: string,
  undeliveredArn: string,
): Promise<string[]> {
  const arn = await findSubscription(sns, topicArn, queueArn);
  if (arn === undefined) return [`The queue ${plan.name} is not subscribed to ${plan.topicName}.`];
  const { Attributes = {} } = await sns.send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }),
  );
  const faults: string[] = [];
  const what = `The subscription of ${plan.name} to ${plan.topicName}`;
  if (Attributes.RawMessageDelivery !== 'true') faults.push(`${what} lacks raw delivery.`);
  const types = parse(Attributes.FilterPolicy).ce_type;
  const filtered = Array.isArray(types) ? [...(types as string[])].sort() : [];
  if (filtered.join() !== plan.types.join()) {
    faults.push(`${what} must filter ce_type to ${plan.types.join(', ')}.`);
  }
  if (parse(Attributes.RedrivePolicy).deadLetterTargetArn !== undeliveredArn) {
    faults.push(`${what} does not redrive to ${plan.subscriptionDeadLetterName}.`);
  }
  return faults;
}

async function describe({ sqs }: Clients, name: string) {
  try {
    const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes: attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    return { name, url: url ?? '', arn: attributes.QueueArn ?? '', attributes };
  } catch (error) {
    if (error instanceof Error && /QueueDoesNotExist|NonExistentQueue/.test(error.name)) {
      return undefined;
    }
    throw error;
  }
}

function parse(json: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(json ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}
