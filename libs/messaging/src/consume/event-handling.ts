import { context, type Span, trace } from '@opentelemetry/api';
import type { EventDefinition, EventEnvelope } from '@parlance/events';
import { QUEUE_SETTINGS } from '@parlance/events';
import { isId } from '@parlance/kernel';
import {
  type ClaimCheck,
  ClaimCheckBroken,
  type LargeData,
  LargeDataUnavailable,
} from '../envelope/claim-check.js';
import type { StoredEnvelope } from '../envelope/envelope.js';
import { enterInbox } from '../inbox/inbox.js';
import { errorFields, type MessagingLog } from '../log.js';
import { CONVERSATION_ID, failSpan, MESSAGE_ID, processSpan } from '../trace/spans.js';
import { contextOf } from '../trace/trace-context.js';
import type { TransactionSource, Tx } from '../transaction.js';
import {
  type DeadLetterReason,
  deadLetterReason,
  isContention,
  isOutage,
  LeaseLost,
  RetryLater,
  Unprocessable,
} from './errors.js';
import type { EventContext } from './event-context.js';
import type { HeldMessage } from './held-message.js';
import { inbound } from './inbound.js';
import { withData } from './read-message.js';

export type Handler = (event: EventEnvelope, context: EventContext) => Promise<void>;

/** What is to be done with a message after a try at handling it. */
export type Outcome =
  | { kind: 'applied' | 'duplicate' | 'lost' | 'outage' }
  | { kind: 'retry'; afterSeconds: number | undefined }
  | { kind: 'dead'; reason: DeadLetterReason };

export interface HandlingParts {
  consumer: string;
  queueName: string;
  transactions: TransactionSource;
  large: LargeData;
  handlerOf(type: string): Handler | undefined;
  log: MessagingLog;
}

/** Handles one message: its inbox row, its handler and what that writes are one transaction. */
export class EventHandling {
  constructor(private readonly parts: HandlingParts) {}

  /** Never rejects. */
  async handle(message: HeldMessage): Promise<Outcome> {
    const { consumer, queueName } = this.parts;
    const { origin, reading, replayId } = message;
    // A replay is a trace of its own; any other delivery belongs to the request that caused it.
    const parent = contextOf(replayId === undefined ? origin : undefined);
    const links = [origin, message.received].filter((link) => link !== undefined);
    const span = processSpan(queueName, parent, links, {
      'app.consumer': consumer,
      'app.receive_count': message.receiveCount,
      ...(reading.kind === 'event' && identityOf(reading.event)),
      ...(replayId !== undefined && { 'app.replay_id': replayId }),
    });
    try {
      const outcome = await context.with(trace.setSpan(parent, span), () =>
        this.run(message, span),
      );
      span.setAttribute('app.outcome', outcome.kind);
      return outcome;
    } finally {
      message.processed = span.spanContext();
      span.end();
    }
  }

  private async run(message: HeldMessage, span: Span): Promise<Outcome> {
    const { reading } = message;
    if (reading.kind === 'poison') return this.dead(message, reading.reason, span);
    try {
      const { definition } = reading;
      const event = await this.fetchData(definition, reading.event);
      if ('code' in event) return this.dead(message, event, span);
      const cause = { eventId: event.id, correlationId: event.correlationid };
      const isNew = await inbound.run(cause, () => this.apply(message, event, span));
      return { kind: isNew ? 'applied' : 'duplicate' };
    } catch (error) {
      failSpan(span, error);
      return this.outcomeOf(message, reading.event, error, span);
    }
  }

  /** Data that was too large for the message, from where it was put. */
  private async fetchData(
    definition: EventDefinition,
    event: StoredEnvelope,
  ): Promise<StoredEnvelope | DeadLetterReason> {
    if (event.dataref === undefined) return event;
    const check: ClaimCheck = event.dataref;
    const reading = withData(definition, event, await this.parts.large.get(check, event.id));
    return reading.kind === 'poison' ? reading.reason : reading.event;
  }

  private apply(message: HeldMessage, event: EventEnvelope, span: Span): Promise<boolean> {
    const { consumer, transactions, handlerOf } = this.parts;
    const handler = handlerOf(event.type);
    if (!handler) throw new Error(`There is no handler for ${event.type}.`);
    const traceId = message.origin?.traceId ?? span.spanContext().traceId;
    const replayId = isId(message.replayId) ? message.replayId : undefined;
    return transactions.inInstitution(event.tenant, async (tx: Tx) => {
      const isNew = await enterInbox(tx, {
        consumer,
        eventId: event.id,
        replayId,
        institutionId: event.tenant,
        traceId,
        type: event.type,
        receiveCount: message.receiveCount,
      });
      if (!isNew) return false;
      await handler(event, {
        tx,
        institutionId: event.tenant,
        signal: message.signal,
        receiveCount: message.receiveCount,
        messageId: message.messageId,
        isReplay: replayId !== undefined,
        traceId,
      });
      // Somebody else may be at it by now: only one of us may commit.
      if (message.isLost) throw new LeaseLost('The message was lost while it was handled.');
      return true;
    });
  }

  private outcomeOf(
    message: HeldMessage,
    event: EventEnvelope,
    error: unknown,
    span: Span,
  ): Outcome {
    const { log } = this.parts;
    const fields = { ...this.fieldsOf(message, event), ...errorFields(error) };
    if (message.isLost) {
      log.warn(fields, 'A handler lost its message; its work was rolled back');
      return { kind: 'lost' };
    }
    if (error instanceof Unprocessable) {
      return this.dead(message, deadLetterReason('unprocessable', error.message, event.type), span);
    }
    if (error instanceof ClaimCheckBroken) {
      span.setAttribute('app.claim_check', error.fault);
      return this.dead(message, deadLetterReason('claim-check', error.message, event.type), span);
    }
    if (error instanceof LargeDataUnavailable) {
      log.warn(fields, 'An event waits for S3, where its data lies');
      return { kind: 'retry', afterSeconds: storageRetrySeconds(message.receiveCount) };
    }
    if (isOutage(error)) {
      log.warn(fields, 'An event waits for the database');
      return { kind: 'outage' };
    }
    if (message.receiveCount >= QUEUE_SETTINGS.maxReceiveCount) {
      const detail = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
      return this.dead(message, deadLetterReason('retries-exhausted', detail, event.type), span);
    }
    if (error instanceof RetryLater) log.info(fields, 'An event waits for what it needs');
    else if (isContention(error)) log.warn(fields, 'An event met contention; it will come again');
    else log.error(fields, 'A handler failed; the event will come again');
    return {
      kind: 'retry',
      afterSeconds: error instanceof RetryLater ? error.afterSeconds : undefined,
    };
  }

  private dead(message: HeldMessage, reason: DeadLetterReason, span: Span): Outcome {
    span.setAttribute('app.error_code', reason.code);
    span.setAttribute('app.error_fingerprint', reason.fingerprint);
    const event = message.reading.kind === 'event' ? message.reading.event : undefined;
    this.parts.log.error(
      { ...this.fieldsOf(message, event), ...reason },
      'A message goes to the dead-letter queue',
    );
    return { kind: 'dead', reason };
  }

  private fieldsOf(message: HeldMessage, event: EventEnvelope | undefined) {
    return {
      queue: this.parts.queueName,
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

function identityOf(event: EventEnvelope) {
  return {
    [MESSAGE_ID]: event.id,
    'app.event_type': event.type,
    'app.tenant': event.tenant,
    ...(event.correlationid !== undefined && { [CONVERSATION_ID]: event.correlationid }),
  };
}
