import { type ItemDelivery, type Responses, validateResponses } from '@parlance/assessment';
import { type FieldFault, Refusal, storableText } from '@parlance/kernel';

/** Largest typed answer in bytes of UTF-8: longer than any essay, and what a paste may be. */
export const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Most that the answers of an attempt may hold together, as JSON: they are handed in as one event,
 * which is in memory as a whole at every step of its way.
 */
export const MAX_ATTEMPT_BYTES = 8 * 1_048_576;

/** A form of the greatest length, every answer of which is smaller, stays below the limit. */
const SMALL_BYTES = MAX_ATTEMPT_BYTES / 512;

/** The answers to one slot as a client sends them; `sequence` grows with every change of them. */
export interface SlotAnswers {
  slot: number;
  sequence: number;
  responses: Record<string, unknown>;
}

export interface CheckedAnswers extends SlotAnswers {
  responses: Responses;
}

/**
 * The answers as they may be stored, or a refusal that names every fault by its place in the
 * request body. `deliveryOf` gives the item in a slot; undefined: the form has no such slot.
 *
 * @param sole pointer to the only member of the batch, where a body does not hold a list of them.
 */
export function checkedAnswers(
  batch: readonly SlotAnswers[],
  deliveryOf: (slot: number) => ItemDelivery | undefined,
  sole?: string,
): CheckedAnswers[] {
  const pointerTo = (index: number) => sole ?? `/responses/${index}`;
  const tooLarge = batch.flatMap((one, index) => sizeFaults(one, pointerTo(index)));
  if (tooLarge.length > 0) {
    const detail = `An answer is larger than ${MAX_ANSWER_BYTES} bytes.`;
    throw new Refusal('unprocessable', 'answer-too-large', detail, tooLarge);
  }
  const seen = new Set<number>();
  const faults = batch.flatMap(({ slot, responses }, index) => {
    const at = pointerTo(index);
    const delivery = deliveryOf(slot);
    if (delivery === undefined) {
      return [{ pointer: `${at}/slot`, detail: 'the attempt has no such slot' }];
    }
    if (seen.has(slot)) return [{ pointer: `${at}/slot`, detail: 'is in this request twice' }];
    seen.add(slot);
    return validateResponses(delivery, responses, `${at}/responses`);
  });
  if (faults.length > 0) {
    const detail = 'Some answers do not fit their items; nothing was saved.';
    throw new Refusal('unprocessable', 'invalid-responses', detail, faults);
  }
  return batch.map((one) => ({ ...one, responses: storable(one.responses as Responses) }));
}

/** Whether these answers can take an attempt beyond its limit; most batches never can. */
export function mayBeTooMuch(batch: readonly CheckedAnswers[]): boolean {
  return batch.some(({ responses }) => Buffer.byteLength(JSON.stringify(responses)) > SMALL_BYTES);
}

/** Refuses what would be too much to hand in, while the learner can still shorten it. */
export function requireWithinAttempt(totalBytes: number): void {
  if (totalBytes <= MAX_ATTEMPT_BYTES) return;
  const detail =
    `All answers of an attempt together may have ${MAX_ATTEMPT_BYTES} bytes; ` +
    `with these they would have ${totalBytes}. Nothing was saved.`;
  throw new Refusal('unprocessable', 'attempt-too-large', detail);
}

/** An answer for every interaction of the item: null where nothing was saved. */
export function completeResponses(delivery: ItemDelivery, saved: Responses | undefined): Responses {
  return Object.fromEntries(
    delivery.interactions.map(({ responseId }) => [responseId, saved?.[responseId] ?? null]),
  );
}

function sizeFaults({ responses }: SlotAnswers, at: string): FieldFault[] {
  return Object.entries(responses).flatMap(([id, value]) =>
    typeof value === 'string' && Buffer.byteLength(value) > MAX_ANSWER_BYTES
      ? [
          {
            pointer: `${at}/responses/${id.slice(0, 100).toWellFormed()}`,
            detail: `must be at most ${MAX_ANSWER_BYTES} bytes`,
          },
        ]
      : [],
  );
}

function storable(responses: Responses): Responses {
  return Object.fromEntries(
    Object.entries(responses).map(([id, value]) => [
      id,
      typeof value === 'string' ? storableText(value) : value,
    ]),
  );
}
