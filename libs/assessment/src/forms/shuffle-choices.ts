import type { Choice, Interaction, ItemDelivery } from '../items/delivery.js';
import { seededRandom, shuffledAround } from './random.js';

/**
 * The item with the choices of each interaction that allows it in random order; fixed choices stay
 * where they are. Each interaction has its own stream of numbers, so that adding one to an item
 * does not reorder the others.
 */
export function shuffleChoices(delivery: ItemDelivery, seed: string): ItemDelivery {
  return {
    ...delivery,
    interactions: delivery.interactions.map((interaction) =>
      shuffleInteraction(interaction, JSON.stringify([seed, delivery.identifier])),
    ),
  };
}

function shuffleInteraction(interaction: Interaction, seed: string): Interaction {
  if (!('shuffle' in interaction) || !interaction.shuffle) return interaction;
  const random = seededRandom(`${seed}${interaction.responseId}`);
  const reorder = <C extends Choice>(choices: C[]): C[] =>
    shuffledAround(choices, (choice) => choice.fixed, random);
  if (interaction.kind !== 'match') {
    return { ...interaction, choices: reorder(interaction.choices) } as Interaction;
  }
  const { sources, targets } = interaction;
  return { ...interaction, sources: reorder(sources), targets: reorder(targets) };
}
