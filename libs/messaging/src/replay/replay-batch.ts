import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Id } from '@parlance/kernel';
import { messageAttributes, messageBytes, textAttribute } from '../envelope/message-attributes.js';
import { failSpan, REQUEST_ID, sendSpan } from '../trace/spans.js';
import { spanContextOf, unobserved } from '../trace/trace-context.js';
import type { ReplayedRow } from './replay.store.js';

/** Entries of one call, and bytes: no emulator and no quota of SQS takes fewer. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 240 * 1024;

interface Entry {
  row: ReplayedRow;
  body: string;
  attributes: ReturnType<typeof messageAttributes>;
  bytes: number;
}

/** The stored envelopes as messages of a replay, cut into what one call takes, in their order. */
export function replayBatches(replayId: Id, rows: readonly ReplayedRow[]): Entry[][] {
  const batches: Entry[][] = [];
  let batch: Entry[] = [];
  let size = 0;
  for (const row of rows) {
    const body = JSON.stringify(row.envelope);
    const attributes = {
      ...messageAttributes(row.envelope, row.headers),
      replay_id: textAttribute(replayId),
    };
    const bytes = messageBytes(body, attributes);
    if (batch.length === MAX_ENTRIES || (batch.length > 0 && size + bytes > MAX_BYTES)) {
      batches.push(batch);
      [batch, size] = [[], 0];
    }
    batch.push({ row, body, attributes, bytes });
    size += bytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

export interface SendParts {
  sqs: SQSClient;
  queue: { name: string; url: string };
  replayId: Id;
  /** Send the institution as MessageGroupId. */
  hasGroup: boolean;
  timeoutMs: number;
}

/**
 * Sends a batch to the one queue. Returns how many entries SQS refused for what they hold; throws
 * when any other did not arrive, and then the whole batch is to be sent again.
 */
export async function sendBatch(batch: readonly Entry[], parts: SendParts): Promise<number> {
  const { sqs, queue, replayId, hasGroup, timeoutMs } = parts;
  const origins = batch.flatMap(({ row }) => spanContextOf(row.headers) ?? []);
  const span = sendSpan(queue, origins, batch.length, replayId);
  try {
    const answer = await unobserved(() =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.url,
          Entries: batch.map(({ row, body, attributes }, index) => ({
            Id: String(index),
            MessageBody: body,
            MessageAttributes: attributes,
            ...(hasGroup && { MessageGroupId: row.envelope.tenant }),
          })),
        }),
        { abortSignal: AbortSignal.timeout(Math.ceil(timeoutMs)) },
      ),
    );
    const { requestId } = answer.$metadata;
    if (requestId) span.setAttribute(REQUEST_ID, requestId);
    const refused = (answer.Failed ?? []).filter((entry) => entry.SenderFault === true).length;
    const arrived = answer.Successful?.length ?? 0;
    if (arrived + refused < batch.length) throw new PartlySent(answer.Failed?.[0]?.Code);
    return refused;
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Some entries did not arrive, through no fault of theirs. */
export class PartlySent extends Error {
  override readonly name = 'PartlySent';

  constructor(code = 'NotAnswered') {
    super(`SQS did not take a part of a batch: ${code}`);
  }
}
