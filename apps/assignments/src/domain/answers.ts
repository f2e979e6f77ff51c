import { type ItemDelivery, type Responses, validateResponses } from '@parlance/assessment';
import { type FieldFault, Refusal, storableText } from '@parlance/kernel';

/** Largest typed answer in bytes of UTF-8: an essay of some 10,000 words. */
export const MAX_ANSWER_BYTES = 65_536;

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
 */
export function checkedAnswers(
  batch: readonly SlotAnswers[],
  deliveryOf: (slot: number) => ItemDelivery | undefined,
): CheckedAnswers[] {
  const tooLarge = batch.flatMap(sizeFaults);
  if (tooLarge.length > 0) {
    const detail = `An answer is larger than ${MAX_ANSWER_BYTES} bytes.`;
    throw new Refusal('unprocessable', 'answer-too-large', detail, tooLarge);
  }
  const seen = new Set<number>();
  const faults = batch.flatMap(({ slot, responses }, index) => {
    const at = `/responses/${index}`;
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

/** An answer for every interaction of the item: null where nothing was saved. */
export function completeResponses(delivery: ItemDelivery, saved: Responses | undefined): Responses {
  return Object.fromEntries(
    delivery.interactions.map(({ responseId }) => [responseId, saved?.[responseId] ?? null]),
  );
}

function sizeFaults({ responses }: SlotAnswers, index: number): FieldFault[] {
  return Object.entries(responses).flatMap(([id, value]) =>
    typeof value === 'string' && Buffer.byteLength(value) > MAX_ANSWER_BYTES
      ? [
          {
            pointer: `/responses/${index}/responses/${id.slice(0, 100).toWellFormed()}`,
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
