import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { QueuePlan } from '@parlance/events';
import type { AwsClients } from '../localstack-client/index.js';
import type { QueueAddress } from './ensure-topology.js';
import {
  deadLetterAttributes,
  queueAttributes,
  queuePolicy,
  subscriptionAttributes,
} from './plan.js';

type Clients = Pick<AwsClients, 'sns' | 'sqs'>;

export async function createTopic({ sns }: Clients, name: string): Promise<string> {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
  if (TopicArn === undefined) throw new Error(`SNS gave no ARN for the topic ${name}.`);
  return TopicArn;
}

export async function createQueue(
  clients: Clients,
  plan: QueuePlan,
  topicArn: string,
): Promise<QueueAddress> {
  const deadLetters = await upsertQueue(clients, plan.deadLetterName, deadLetterAttributes());
  const undelivered = await upsertQueue(
    clients,
    plan.subscriptionDeadLetterName,
    deadLetterAttributes(),
  );
  const queue = await upsertQueue(clients, plan.name, queueAttributes(deadLetters.arn));
  for (const { url, arn } of [queue, undelivered]) {
    const attributes = { Policy: queuePolicy(arn, topicArn) };
    await clients.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }),
    );
  }
  await subscribe(clients.sns, topicArn, queue.arn, subscriptionAttributes(plan, undelivered.arn));
  return { plan, url: queue.url, deadLetterUrl: deadLetters.url };
}

async function upsertQueue({ sqs }: Clients, name: string, attributes: Record<string, string>) {
  let url: string | undefined;
  try {
    const made = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    url = made.QueueUrl;
  } catch (error) {
    // It exists with other attributes: an older installation of ours.
    if (!(error instanceof Error) || !/QueueNameExists|QueueAlreadyExists/.test(error.name)) {
      throw error;
    }
    url = (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
  }
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  const arn = Attributes?.QueueArn;
  if (url === undefined || arn === undefined) throw new Error(`SQS gave no address for ${name}.`);
  return { url, arn };
}

async function subscribe(
  sns: SNSClient,
  topicArn: string,
  queueArn: string,
  attributes: Record<string, string>,
): Promise<void> {
  const existing = await findSubscription(sns, topicArn, queueArn);
  if (existing === undefined) {
    await sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        Attributes: attributes,
        ReturnSubscriptionArn: true,
      }),
    );
    return;
  }
  for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: existing,
        AttributeName,
        AttributeValue,
      }),
    );
  }
}

/** ARN of the subscription of a queue to a topic. */
export async function findSubscription(
  sns: SNSClient,
  topicArn: string,
  queueArn: string,
): Promise<string | undefined> {
  let token: string | undefined;
  do {
    const page = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: token }),
    );
    const found = page.Subscriptions?.find(({ Endpoint }) => Endpoint === queueArn);
    if (found?.SubscriptionArn) return found.SubscriptionArn;
    token = page.NextToken;
  } while (token);
  return undefined;
}
