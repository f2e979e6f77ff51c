import type { Interaction, ItemDelivery } from '../items/delivery.js';
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
  const hasChoices = interaction.kind === 'choice' || interaction.kind === 'inline-choice';
  if (!hasChoices || !interaction.shuffle) return interaction;
  const random = seededRandom(`${seed}${interaction.responseId}`);
  const choices = shuffledAround(interaction.choices, (choice) => choice.fixed, random);
  return { ...interaction, choices };
}
