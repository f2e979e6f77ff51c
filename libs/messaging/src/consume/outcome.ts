import type { Span } from '@opentelemetry/api';
import { QUEUE_SETTINGS, type EventEnvelope } from '@parlance/events';
import { ClaimCheckBroken, LargeDataUnavailable } from '../envelope/claim-check.js';
import { errorFields, type MessagingLog } from '../log.js';
import {
  type DeadLetterCode,
  type DeadLetterReason,
  deadLetterReason,
  isContention,
  isOutage,
  RetryLater,
  Unprocessable,
} from './errors.js';
import type { HeldMessage } from './held-message.js';

/** What is to be done with a message after a try at handling it. */
export type Outcome =
  | { kind: 'applied' | 'duplicate' | 'stale' | 'lost' | 'outage' }
  | Retry
  | { kind: 'dead'; reason: DeadLetterReason };

export interface Retry {
  kind: 'retry';
  afterSeconds: number | undefined;
  /** Whose budget of retries pays for it. */
  dependency: string | undefined;
  /** What went wrong, when it was nothing that may be expected. */
  failure: DeadLetterReason | undefined;
}

/** Says what becomes of a message whose handling failed, and tells the log. */
export class Outcomes {
  constructor(
    private readonly queueName: string,
    private readonly log: MessagingLog,
  ) {}

  /** `event` is undefined when the message holds none. */
  of(message: HeldMessage, event: EventEnvelope | undefined, error: unknown, span: Span): Outcome {
    const fields = { ...this.fieldsOf(message, event), ...errorFields(error) };
    const type = event?.type ?? message.type;
    const die = (code: DeadLetterCode, detail: string) =>
      this.dead(message, deadLetterReason(code, detail, type), span);
    if (message.isLost) {
      this.log.warn(fields, 'A handler lost its message; its work was rolled back');
      return { kind: 'lost' };
    }
    if (error instanceof Unprocessable) return die('unprocessable', error.message);
    if (error instanceof ClaimCheckBroken) {
      span.setAttribute('app.claim_check', error.fault);
      return die('claim-check', error.message);
    }
    if (error instanceof LargeDataUnavailable) {
      this.log.warn(fields, 'An event waits for S3, where its data lies');
      const afterSeconds = storageRetrySeconds(message.receiveCount);
      return { kind: 'retry', afterSeconds, dependency: undefined, failure: undefined };
    }
    if (isOutage(error)) {
      this.log.warn(fields, 'An event waits for the database');
      return { kind: 'outage' };
    }
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    if (message.receiveCount >= QUEUE_SETTINGS.maxReceiveCount) {
      return die('retries-exhausted', detail);
    }
    if (error instanceof RetryLater) {
      this.log.info(fields, 'An event waits for what it needs');
      const { afterSeconds, dependency } = error;
      return { kind: 'retry', afterSeconds, dependency, failure: undefined };
    }
    const retry = { kind: 'retry', afterSeconds: undefined } as const;
    if (isContention(error)) {
      this.log.warn(fields, 'An event met contention; it will come again');
      return { ...retry, dependency: 'database', failure: undefined };
    }
    this.log.error(fields, 'A handler failed; the event will come again');
    const failure = deadLetterReason('retries-exhausted', detail, type);
    return { ...retry, dependency: `handler of ${type}`, failure };
  }

  dead(message: HeldMessage, reason: DeadLetterReason, span: Span): Outcome {
    span.setAttribute('app.error_code', reason.code);
    span.setAttribute('app.error_fingerprint', reason.fingerprint);
    const event = message.reading.kind === 'event' ? message.reading.event : undefined;
    this.log.error(
      { ...this.fieldsOf(message, event), ...reason },
      'A message goes to the dead-letter queue',
    );
    return { kind: 'dead', reason };
  }

  private fieldsOf(message: HeldMessage, event: EventEnvelope | undefined) {
    return {
      queue: this.queueName,
      messageId: message.messageId,
      receiveCount: message.receiveCount,
      ...(event && { eventId: event.id, type: event.type, institutionId: event.tenant }),
    };
  }
}

/**
 * SQS itself makes a dead letter of what it has given out too often, whosever fault that was: the
 * tries are spread over an hour, after which the bucket is more than away.
 */
function storageRetrySeconds(receiveCount: number): number {
  return Math.min(900, 5 * 4 ** (receiveCount - 1));
}
