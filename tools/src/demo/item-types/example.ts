/**
 * What somebody answers, in the words they see: one entry per question of the item, in order. A
 * list picks, orders or pairs; pairs are "left = right"; `null` leaves the question out.
 */
export type Said = (string | string[] | null)[];

export interface ItemExample {
  /** The item as its author writes it. */
  source: Record<string, unknown> & { type: string };
  pointsPossible: number;
  /** What three learners answer and what each must get, worked out by hand. */
  answers: { said: Said; points: number; because: string }[];
}
