import { seededRandom, shuffled, shuffledAround } from '../forms/random.js';
import type { ChoiceFeedback } from '../items/scoring-spec.js';
import type { ItemDraft } from './item-draft.js';

export interface NamedChoice {
  id?: string | undefined;
  fixed?: boolean | undefined;
}

/**
 * An id for each choice, in the author's order. Authors write the right choice first, so ids that
 * followed their order would tell it: the ids are drawn. They hang on the item's identifier and
 * the number of choices alone, so that answers still fit when a text or the key is corrected.
 */
export function choiceIds(
  choices: readonly NamedChoice[],
  draft: ItemDraft,
  {
    responseId,
    prefix = '',
    drawn = true,
    at,
  }: {
    responseId: string;
    prefix?: string;
    /** False where the order itself is no secret and learners see it, as of true and false. */
    drawn?: boolean;
    at: string;
  },
): string[] {
  const places = choices.map((_, index) => index);
  const random = seededRandom(JSON.stringify([draft.identifier, responseId, prefix]));
  const labels = (drawn ? shuffled(places, random) : places).map((place) =>
    prefix === '' ? letters(place) : `${prefix}${place + 1}`,
  );
  const ids = choices.map(({ id }, index) => id ?? (labels[index] as string));
  ids.forEach((id, index) => {
    if (ids.indexOf(id) < index) draft.fault(`${at}/${index}/id`, `"${id}" is used twice`);
  });
  return ids;
}

/** What the author says to each choice, by its id; `ids` in the order of the choices. */
export function feedbackByChoice(
  choices: readonly { feedback?: string | undefined }[],
  ids: readonly string[],
): ChoiceFeedback[] {
  return choices.flatMap(({ feedback: text }, index) => {
    const choice = ids[index];
    return text === undefined || choice === undefined ? [] : [{ choice, text }];
  });
}

/** Choices in the order of their ids, which tells nothing; a fixed one stays where it is. */
export function byId<T extends { id: string; fixed: boolean }>(choices: readonly T[]): T[] {
  const free = choices
    .filter((one) => !one.fixed)
    .toSorted((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  return choices.map((one) => (one.fixed ? one : (free.shift() as T)));
}

/** A drawn order that is none of `orders`, if there is one. */
export function drawnOrder(count: number, seed: string, isTelling: (order: number[]) => boolean) {
  const places = Array.from({ length: count }, (_, index) => index);
  for (let round = 0; round < 100; round += 1) {
    const random = seededRandom(JSON.stringify([seed, round]));
    const order = shuffledAround(places, () => false, random);
    if (!isTelling(order)) return order;
  }
  return places;
}

/** A, B, ... Z, AA, AB, ... */
export function letters(place: number): string {
  const letter = String.fromCharCode(65 + (place % 26));
  return place < 26 ? letter : letters(Math.floor(place / 26) - 1) + letter;
}
