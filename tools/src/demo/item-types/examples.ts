import { CHOICE_EXAMPLES } from './choice-examples.js';
import type { ItemExample } from './example.js';
import { heardExamples } from './heard-examples.js';
import { MARKED_EXAMPLES } from './marked-examples.js';
import type { MediaRef } from './media.js';
import { PAIR_EXAMPLES } from './pair-examples.js';
import { TYPED_EXAMPLES } from './typed-examples.js';

/** One of every item type; `recording` is a sound that was uploaded to the bank before. */
export function itemExamples(recording: MediaRef): ItemExample[] {
  return [
    ...CHOICE_EXAMPLES,
    ...PAIR_EXAMPLES,
    ...TYPED_EXAMPLES,
    ...heardExamples(recording),
    ...MARKED_EXAMPLES,
  ];
}
