import { z } from 'zod';
import { ORDER_MODELS } from '../items/part-scoring.js';
import { drawnOrder, letters } from './choice-ids.js';
import { phrase, prompt, text } from './fields.js';
import type { ItemDraft } from './item-draft.js';
import { itemType } from './item-type.js';
import { paragraphs, textNode } from './paragraphs.js';

const MAX_CHUNKS = 30;
const MAX_ORDERS = 100;

const movable = z.strictObject({
  chunk: phrase,
  places: z
    .array(z.int().min(0).max(MAX_CHUNKS))
    .min(1)
    .max(MAX_CHUNKS)
    .describe('where it may stand: how many of the other chunks come before it'),
});

export const wordOrder = itemType({
  type: 'word-order',
  about:
    'A sentence to be put together of its words, or of chunks parted by strokes: ' +
    '"Every day / she / walks / to work". Several orders may be right.',
  fields: {
    prompt: prompt.optional(),
    sentence: text(2_000).describe('the best order'),
    alsoAccept: z.array(text(2_000)).max(MAX_ORDERS).default([]),
    movable: z.array(movable).max(5).default([]).describe('chunks with several right places'),
    layout: z.enum(['words', 'list']).default('words'),
    model: z.enum(ORDER_MODELS).default('longest-ordered'),
    partialCap: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('what an order that is not quite right is multiplied by'),
  },
  compile(source, draft) {
    const chunks = chunksOf(source.sentence);
    if (chunks.length < 2) draft.fault('/sentence', 'there is nothing to put in order');
    if (chunks.length > MAX_CHUNKS) draft.fault('/sentence', `has more than ${MAX_CHUNKS} chunks`);
    if (draft.faults.length > 0) return [];
    const orders = acceptedOrders(chunks, source, draft);
    const responseId = draft.nextResponseId();
    const ids = idsFor(chunks, orders, responseId, draft);
    const toIds = (order: readonly number[]) => order.map((place) => ids[place] as string);
    const [correct = [], ...alternatives] = orders.map(toIds);
    const same = [...Map.groupBy(ids, (_, place) => chunks[place]).values()];
    return [
      draft.part({
        interaction: {
          kind: 'order',
          responseId,
          shuffle: true,
          minChoices: chunks.length,
          maxChoices: 0,
          layout: source.layout,
          ...(source.prompt === undefined ? {} : { prompt: paragraphs(source.prompt) }),
          choices: chunks
            .map((chunk, place) => ({
              id: ids[place] as string,
              fixed: false,
              content: [textNode(chunk)],
            }))
            .toSorted((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1)),
        },
        declared: { cardinality: 'ordered', baseType: 'identifier', correct },
        scoring: {
          kind: 'order',
          model: source.model,
          alternatives,
          interchangeable: same.filter((group) => group.length > 1),
          partialCap: source.partialCap,
        },
        maxValues: chunks.length,
      }),
    ];
  },
});

function chunksOf(sentence: string): string[] {
  const parted = sentence.includes('/') ? sentence.split('/') : sentence.split(/\s+/);
  return parted.map((one) => one.trim().replace(/\s+/g, ' ')).filter((one) => one !== '');
}

interface OrderSource {
  alsoAccept: string[];
  movable: z.output<typeof movable>[];
}

/** Every right order as places of the chunks in the author's sentence, that one first. */
function acceptedOrders(
  chunks: readonly string[],
  { alsoAccept, movable: moved }: OrderSource,
  draft: ItemDraft,
): number[][] {
  const orders = [chunks.map((_, place) => place)];
  alsoAccept.forEach((sentence, index) => {
    const order = placesOf(chunksOf(sentence), chunks);
    if (order === null) draft.fault(`/alsoAccept/${index}`, 'has not the same chunks');
    else orders.push(order);
  });
  moved.forEach(({ chunk, places }, index) => {
    const at = `/movable/${index}`;
    const place = chunks.indexOf(chunk.trim());
    if (place === -1) draft.fault(`${at}/chunk`, 'is not a chunk of the sentence');
    else if (chunks.lastIndexOf(chunk.trim()) !== place) {
      draft.fault(`${at}/chunk`, 'is there twice: write the orders out in alsoAccept');
    }
    if (places.some((one) => one >= chunks.length)) {
      draft.fault(`${at}/places`, `only ${chunks.length - 1} chunks can come before it`);
    }
    for (const order of [...orders]) {
      const rest = order.filter((one) => one !== place);
      for (const before of places) orders.push(rest.toSpliced(before, 0, place));
    }
  });
  const distinct = new Map(orders.map((order) => [order.map((at) => chunks[at]).join('/'), order]));
  // The first of equal orders is kept as the key, whatever came later.
  distinct.set(chunks.join('/'), orders[0] as number[]);
  if (distinct.size > MAX_ORDERS) draft.fault('/movable', `allows more than ${MAX_ORDERS} orders`);
  return [...distinct.values()];
}

/** The places of chunks in the author's sentence; null when they are not the same chunks. */
function placesOf(wanted: readonly string[], chunks: readonly string[]): number[] | null {
  if (wanted.length !== chunks.length) return null;
  const free = chunks.map((chunk, place) => ({ chunk: chunk.toLocaleLowerCase('en'), place }));
  const places: number[] = [];
  for (const chunk of wanted) {
    const found = free.findIndex((one) => one.chunk === chunk.toLocaleLowerCase('en'));
    if (found === -1) return null;
    places.push(...free.splice(found, 1).map(({ place }) => place));
  }
  return places;
}

/**
 * Ids whose alphabetical order is none of the right ones, where there is such an order: the chunks
 * are shown in it until they are shuffled for a learner.
 */
function idsFor(
  chunks: readonly string[],
  orders: readonly number[][],
  responseId: string,
  draft: ItemDraft,
): string[] {
  const sentences = new Set(orders.map((order) => order.map((place) => chunks[place]).join('/')));
  const shown = drawnOrder(chunks.length, `${draft.identifier} ${responseId}`, (order) =>
    sentences.has(order.map((place) => chunks[place]).join('/')),
  );
  const ids: string[] = [];
  shown.forEach((place, rank) => (ids[place] = letters(rank)));
  return ids;
}
