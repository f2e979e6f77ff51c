import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueuePlan } from '@parlance/events';
import { meter, observed } from './metrics.js';
import { DESTINATION } from './spans.js';
import { unobserved } from './trace-context.js';

/** The outbox as the relay last saw it. */
export interface OutboxLook {
  oldestUnpublishedSeconds: number;
  /** Events SNS refused, each of which holds back its key. */
  failed: number;
  /** When that was, as `performance.now()`; undefined before the first look. */
  lookedAtMs: number | undefined;
}

/**
 * How long "nothing waits" is believed. After that an event may have waited since the last look,
 * and the age that is told is that of the look: a blind relay must not seem to be a quick one.
 */
const BELIEVED_MS = 30_000;

/** Reports the age of the oldest unpublished event until the returned function is called. */
export function observeOutbox(look: () => OutboxLook): () => void {
  const oldest = meter().createObservableGauge('outbox.oldest_unpublished_seconds', {
    description: 'Age of the oldest event that waits to be published; 0 when none waits.',
    unit: 's',
  });
  const failed = meter().createObservableGauge('outbox.failed', {
    description: 'Events SNS refused; each holds back its key until it is requeued or skipped.',
    unit: '{event}',
  });
  const ends = [
    observed(oldest, (result) => {
      const { oldestUnpublishedSeconds: seconds, lookedAtMs } = look();
      if (lookedAtMs === undefined) return;
      const sinceMs = performance.now() - lookedAtMs;
      const isOld = seconds > 0 || sinceMs > BELIEVED_MS;
      result.observe(isOld ? seconds + sinceMs / 1000 : 0);
    }),
    observed(failed, (result) => {
      const { failed: count, lookedAtMs } = look();
      if (lookedAtMs !== undefined) result.observe(count);
    }),
  ];
  return () => ends.forEach((end) => end());
}

const PATIENCE_MS = 3_000;

/**
 * Reports how many messages lie in the dead-letter queues beside the given queues. SQS is asked
 * when metrics are collected, so that nobody asks where nobody collects. While it does not answer,
 * the SDK repeats the last depth; that SQS is away shows in the errors of receives.
 */
export function observeDeadLetters(sqs: SQSClient, plans: readonly QueuePlan[]): () => void {
  const depth = meter().createObservableGauge('dlq.depth', {
    description: 'Messages in a dead-letter queue, as SQS estimates.',
    unit: '{message}',
  });
  const queues = plans.flatMap(({ name, consumer, deadLetterName, subscriptionDeadLetterName }) =>
    [deadLetterName, subscriptionDeadLetterName].map((deadLetters) => ({
      name: deadLetters,
      attributes: { [DESTINATION]: deadLetters, 'app.queue': name, 'app.consumer': consumer },
    })),
  );
  return observed(depth, async (result) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await Promise.all(
      queues.map(async ({ name, attributes }) => {
        const count = await depthOf(sqs, name, signal).catch(() => undefined);
        if (count !== undefined) result.observe(count, attributes);
      }),
    );
  });
}

function depthOf(sqs: SQSClient, name: string, abortSignal: AbortSignal): Promise<number> {
  return unobserved(async () => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }), {
      abortSignal,
    });
    const asked = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const { Attributes } = await sqs.send(asked, { abortSignal });
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  });
}
