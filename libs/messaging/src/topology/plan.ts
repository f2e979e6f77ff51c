import { QUEUE_SETTINGS, type QueuePlan } from '@parlance/events';

/** Attributes of the three queues of a plan, as SQS spells them. */
export function deadLetterAttributes(): Record<string, string> {
  return { MessageRetentionPeriod: String(QUEUE_SETTINGS.deadLetterRetentionSeconds) };
}

export function queueAttributes(deadLetterArn: string): Record<string, string> {
  return {
    VisibilityTimeout: String(QUEUE_SETTINGS.visibilityTimeoutSeconds),
    ReceiveMessageWaitTimeSeconds: String(QUEUE_SETTINGS.receiveWaitSeconds),
    MessageRetentionPeriod: String(QUEUE_SETTINGS.retentionSeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLetterArn,
      maxReceiveCount: QUEUE_SETTINGS.maxReceiveCount,
    }),
  };
}

/** Lets this topic, and no other, send to the queue. */
export function queuePolicy(queueArn: string, topicArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  });
}

/** Attributes of the subscription: raw, filtered by type, with a place for the undeliverable. */
export function subscriptionAttributes(
  plan: QueuePlan,
  undeliveredArn: string,
): Record<string, string> {
  return {
    RawMessageDelivery: 'true',
    FilterPolicyScope: 'MessageAttributes',
    FilterPolicy: JSON.stringify({ ce_type: plan.types }),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: undeliveredArn }),
  };
}
