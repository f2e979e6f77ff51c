import { Refusal } from '@parlance/kernel';
import type { SlotAnswers } from './answers.js';
import type { Attempt } from './attempt.js';

/** Whether the class has come to a slot; learners who work by themselves have come to all. */
export function isReached({ mode, liveSlot }: Pick<Attempt, 'mode' | 'liveSlot'>, slot: number) {
  return mode !== 'live' || slot <= liveSlot;
}

/** Refuses answers to what the class has not come to. */
export function requireReached(
  attempt: Pick<Attempt, 'mode' | 'liveSlot'>,
  batch: readonly SlotAnswers[],
): void {
  const faults = batch.flatMap(({ slot }, index) =>
    isReached(attempt, slot)
      ? []
      : [{ pointer: `/responses/${index}/slot`, detail: 'is not open yet' }],
  );
  if (faults.length === 0) return;
  const detail = 'Your teacher has not come to this yet; nothing was saved.';
  throw new Refusal('conflict', 'slot-not-open', detail, faults.slice(0, 20));
}
