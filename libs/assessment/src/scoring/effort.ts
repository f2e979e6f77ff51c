/** Thrown, and caught by scoring, when an item asks for more work than any honest item needs. */
export class EffortError extends Error {
  override readonly name = 'EffortError';
}

/** Work one run of an item's rules may still do. A step is about one expression or one value. */
export interface Effort {
  stepsLeft: number;
}

/** Far above any real item, whose rules take hundreds of steps, and done in well under a second. */
export const MAX_STEPS = 500_000;

/** Rules and expressions within each other; generated items reach about 20. */
export const MAX_DEPTH = 200;

/** Characters a text operator goes through for one step. */
const CHARACTERS_PER_STEP = 64;

/** @throws EffortError when nothing is left. */
export function spend(effort: Effort, steps: number): void {
  effort.stepsLeft -= steps;
  // Written so that NaN, should it ever get here, ends the run as well.
  if (!(effort.stepsLeft >= 0)) throw new EffortError('The rules of the item take too many steps.');
}

/** @throws EffortError below the deepest level. */
export function enter(depth: number): number {
  if (depth >= MAX_DEPTH) throw new EffortError('The rules of the item are nested too deeply.');
  return depth + 1;
}

export function stepsFor(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_STEP);
}
