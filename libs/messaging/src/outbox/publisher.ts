import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';
import { fullJitter } from '../backoff.js';
import type { ResolvedConfig } from '../config.js';
import { until } from '../localstack-client/direct-calls.js';
import { secondsSince, TopicMetrics } from '../trace/metrics.js';
import { failSpan, publishSpan, REQUEST_ID } from '../trace/spans.js';
import { spanContextOf, unobserved } from '../trace/trace-context.js';
import type { OutboxRow, RowOutcome } from './outbox-rows.js';

/** SNS cannot be reached or will not serve us at all: nothing of the batch's events is at fault. */
export class PublishOutage extends Error {
  override readonly name = 'PublishOutage';
}

/** Errors of a whole call that some entry may have caused by what it holds. */
const ENTRY_FAULTS = new Set([
  'InvalidParameterException',
  'InvalidParameter',
  'InvalidParameterValueException',
  'ParameterValueInvalid',
  'ValidationException',
  'BatchRequestTooLongException',
  'BatchRequestTooLong',
]);

/** Publishes batches of outbox rows to SNS and says of each event what became of it. */
export class Publisher {
  private readonly metrics = new Map<string, TopicMetrics>();

  constructor(
    private readonly sns: SNSClient,
    private readonly config: Pick<ResolvedConfig, 'relay' | 'sendMessageGroup'>,
  ) {}

  /**
   * Sends at most ten rows of one topic. Rejects with PublishOutage when the call failed for a
   * reason outside of the events. When SNS refuses the call for what an entry holds, the entries
   * are sent one by one, so that only the culprit fails.
   */
  async send(topicArn: string, rows: OutboxRow[], timeoutMs: number): Promise<RowOutcome[]> {
    try {
      return await this.publish(topicArn, rows, timeoutMs);
    } catch (error) {
      if (!isEntryFault(error)) throw new PublishOutage(nameOf(error), { cause: error });
      if (rows.length === 1) {
        return rows.map((row) => ({ row, kind: 'failed', error: nameOf(error) }));
      }
    }
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(...(await this.send(topicArn, [row], timeoutMs)));
    return outcomes;
  }

  private async publish(
    topicArn: string,
    rows: OutboxRow[],
    timeoutMs: number,
  ): Promise<RowOutcome[]> {
    const origins = rows
      .map((row) => spanContextOf(row.headers))
      .filter((one) => one !== undefined);
    const topic = topicArn.slice(topicArn.lastIndexOf(':') + 1);
    const span = publishSpan(topic, topicArn, origins, rows.length);
    const startedMs = performance.now();
    try {
      const command = new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: rows.map((row, index) => this.entry(row, index)),
      });
      const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
      const answer = await unobserved(() =>
        this.sns.send(command, until(this.sns, command, timeout)),
      );
      const requestId = answer.$metadata.requestId;
      if (requestId) span.setAttribute(REQUEST_ID, requestId);
      const outcomes = this.outcomes(rows, answer.Successful ?? [], answer.Failed ?? []);
      const refusals = outcomes.flatMap((one) => (one.kind === 'published' ? [] : [one.error]));
      if (refusals.length > 0) span.setAttribute('app.failed_count', refusals.length);
      const arrived = rows.length - refusals.length;
      this.metricsOf(topic).published(arrived, refusals, secondsSince(startedMs));
      return outcomes;
    } catch (error) {
      failSpan(span, error);
      this.metricsOf(topic).failed(rows.length, error, secondsSince(startedMs));
      throw error;
    } finally {
      span.end();
    }
  }

  private metricsOf(topic: string): TopicMetrics {
    let known = this.metrics.get(topic);
    if (known === undefined) this.metrics.set(topic, (known = new TopicMetrics(topic)));
    return known;
  }

  private entry(row: OutboxRow, index: number) {
    return {
      Id: String(index),
      Message: row.body,
      MessageAttributes: row.attributes,
      ...(this.config.sendMessageGroup && { MessageGroupId: row.institution_id }),
    };
  }

  /** A 200 may still name entries as failed, and one it does not name at all has not arrived. */
  private outcomes(
    rows: OutboxRow[],
    successful: { Id?: string }[],
    failed: { Id?: string; Code?: string; SenderFault?: boolean }[],
  ): RowOutcome[] {
    const arrived = new Set(successful.map((entry) => entry.Id));
    const refused = new Map(failed.map((entry) => [entry.Id, entry]));
    const { retryBaseMs, retryCapMs } = this.config.relay;
    return rows.map((row, index): RowOutcome => {
      const fault = refused.get(String(index));
      if (fault === undefined && arrived.has(String(index))) return { row, kind: 'published' };
      const error = (fault?.Code ?? 'NotAnswered').slice(0, 300);
      if (fault?.SenderFault === true) return { row, kind: 'failed', error };
      return {
        row,
        kind: 'retry',
        error,
        afterMs: fullJitter(row.attempts, retryBaseMs, retryCapMs),
      };
    });
  }
}

function isEntryFault(error: unknown): boolean {
  // A wrong ARN is refused by the same name, and is no fault of an event.
  return (
    error instanceof Error && ENTRY_FAULTS.has(error.name) && !/topic ?arn/i.test(error.message)
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
