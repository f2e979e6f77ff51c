import { type Attributes, metrics } from '@opentelemetry/api';
import type { Outcome } from '../consume/outcome.js';
import { DESTINATION, ERROR_TYPE, OPERATION_NAME, OPERATION_TYPE, SYSTEM } from './spans.js';

/** Bounds in seconds that the messaging conventions (v1.44) give for durations. */
const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Bounds in seconds for ages: milliseconds when all is well, days after an outage. */
const AGE_BOUNDS = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400,
];

/** Names of errors told apart; a hostile or broken peer must not make series without end. */
const MAX_ERROR_TYPES = 30;
const OTHER_ERROR = '_OTHER';

/** What became of a message after a try at handling it. */
export type ProcessOutcome = Outcome['kind'];

const FAILED: readonly ProcessOutcome[] = ['lost', 'outage', 'retry', 'dead'];
const OUTCOMES: readonly ProcessOutcome[] = ['applied', 'duplicate', 'stale', ...FAILED];

// Asked for whenever instruments are made, not kept: the API has no proxy for a provider that is
// registered later. The SDK gives instruments of one name one storage.
export const meter = () => metrics.getMeter('@parlance/messaging');

/** Attributes of one operation, made once: with and without each error that came up. */
class OperationAttributes {
  readonly success: Attributes;
  private readonly failures = new Map<string, Attributes>();

  constructor(system: string, name: string, type: string, destination: string) {
    this.success = {
      [SYSTEM]: system,
      [OPERATION_NAME]: name,
      [OPERATION_TYPE]: type,
      [DESTINATION]: destination,
    };
  }

  failure(errorType: string): Attributes {
    const isKnown = this.failures.has(errorType) || this.failures.size < MAX_ERROR_TYPES;
    const name = isKnown ? errorType : OTHER_ERROR;
    let attributes = this.failures.get(name);
    if (attributes === undefined) {
      attributes = { ...this.success, [ERROR_TYPE]: name };
      this.failures.set(name, attributes);
    }
    return attributes;
  }
}

function operationDuration() {
  return meter().createHistogram('messaging.client.operation.duration', {
    description: 'Time that calls to SNS and SQS took; polls that brought nothing are left out.',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BOUNDS },
  });
}

/** What is measured of publishing to one topic. */
export class TopicMetrics {
  private readonly duration = operationDuration();
  private readonly sent = meter().createCounter('messaging.client.sent.messages', {
    description: 'Events handed to SNS, refused ones included.',
    unit: '{message}',
  });
  private readonly attributes: OperationAttributes;

  constructor(topic: string) {
    this.attributes = new OperationAttributes('aws.sns', 'publish', 'send', topic);
  }

  /** One PublishBatch that was answered: how many arrived, and the codes of those that did not. */
  published(arrived: number, refusals: readonly string[], seconds: number): void {
    this.duration.record(seconds, this.attributes.success);
    if (arrived > 0) this.sent.add(arrived, this.attributes.success);
    for (const code of refusals) this.sent.add(1, this.attributes.failure(code));
  }

  /** One PublishBatch of `count` events that failed as a whole. */
  failed(count: number, error: unknown, seconds: number): void {
    const attributes = this.attributes.failure(errorType(error));
    this.duration.record(seconds, attributes);
    this.sent.add(count, attributes);
  }
}

/** What is measured of one queue by its consumer. No institution is in it: they are too many. */
export class QueueMetrics {
  private readonly duration = operationDuration();
  private readonly consumed = meter().createCounter('messaging.client.consumed.messages', {
    description: 'Messages received, again for every delivery.',
    unit: '{message}',
  });
  private readonly processing = meter().createHistogram('messaging.process.duration', {
    description: 'Time from the start of a handler to the commit, or to its failure.',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BOUNDS },
  });
  private readonly age = meter().createHistogram('event.end_to_end_age', {
    description: 'Time from the commit of an event in its producer to the commit of its effects.',
    unit: 's',
    advice: { explicitBucketBoundaries: AGE_BOUNDS },
  });
  private readonly duplicates = meter().createCounter('inbox.duplicates', {
    description: 'Events the inbox knew already.',
    unit: '{event}',
  });
  private readonly losses = meter().createCounter('visibility.lost', {
    description: 'Messages that another consumer may have while they were still held here.',
    unit: '{message}',
  });
  private readonly badTraces = meter().createCounter('trace_context.invalid', {
    description: 'Messages whose trace context could not be read; their trace begins anew.',
    unit: '{message}',
  });
  private readonly inFlight = meter().createObservableGauge('consumer.in_flight', {
    description: 'Messages held: running, waiting to run, waiting to be deleted.',
    unit: '{message}',
  });
  private readonly receiving: OperationAttributes;
  private readonly deleting: OperationAttributes;
  private readonly outcomes: ReadonlyMap<ProcessOutcome, Attributes>;
  private readonly place: Attributes;

  constructor(queue: string, consumer: string) {
    this.receiving = new OperationAttributes('aws_sqs', 'receive', 'receive', queue);
    this.deleting = new OperationAttributes('aws_sqs', 'delete', 'settle', queue);
    const { success } = new OperationAttributes('aws_sqs', 'process', 'process', queue);
    this.place = { [DESTINATION]: queue, 'app.consumer': consumer };
    this.outcomes = new Map(
      OUTCOMES.map((outcome) => [
        outcome,
        {
          ...success,
          'app.consumer': consumer,
          'app.outcome': outcome,
          ...(FAILED.includes(outcome) && { [ERROR_TYPE]: outcome }),
        },
      ]),
    );
  }

  /** One receive that brought `count` messages. */
  received(count: number, seconds: number): void {
    this.duration.record(seconds, this.receiving.success);
    this.consumed.add(count, this.receiving.success);
  }

  receiveFailed(error: unknown, seconds: number): void {
    this.duration.record(seconds, this.receiving.failure(errorType(error)));
  }

  /** One DeleteMessageBatch; `error` when it failed as a whole. */
  deleted(seconds: number, error?: unknown): void {
    const { success } = this.deleting;
    const isFailure = error !== undefined;
    this.duration.record(seconds, isFailure ? this.deleting.failure(errorType(error)) : success);
  }

  /**
   * One try at handling one message. `committedAt` is the event's time, an RFC 3339 instant;
   * undefined where it says nothing of the way here: replays, and what is no event.
   */
  processed(outcome: ProcessOutcome, seconds: number, committedAt: string | undefined): void {
    this.processing.record(seconds, this.outcomes.get(outcome));
    if (outcome === 'duplicate') this.duplicates.add(1, this.place);
    if (outcome !== 'applied' || committedAt === undefined) return;
    // The producer's clock may be ahead of ours.
    this.age.record(Math.max(0, Date.now() - Date.parse(committedAt)) / 1000, this.place);
  }

  lost(): void {
    this.losses.add(1, this.place);
  }

  badTrace(): void {
    this.badTraces.add(1, this.place);
  }

  /** Reports what is held whenever metrics are collected, until the returned function is called. */
  observeHeld(held: () => number): () => void {
    const { inFlight, place } = this;
    return observed(inFlight, (result) => result.observe(held(), place));
  }
}

type Gauge = ReturnType<ReturnType<typeof meter>['createObservableGauge']>;
type Look = Parameters<Gauge['addCallback']>[0];

/** Has a gauge ask `look` at every collection, until the returned function is called. */
export function observed(gauge: Gauge, look: Look): () => void {
  gauge.addCallback(look);
  return () => gauge.removeCallback(look);
}

/** Seconds since `startedMs` of `performance.now()`. */
export function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}

function errorType(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
