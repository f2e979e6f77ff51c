import type { ItemDelivery, MediaRef } from '@parlance/assessment';

/** What a learner may load as often as they like; what is limited is asked for play by play. */
export function freeMediaOf(deliveries: Iterable<ItemDelivery>): MediaRef[] {
  const free = new Map<string, MediaRef>();
  const limited = new Set<string>();
  for (const delivery of deliveries) {
    for (const interaction of delivery.interactions) {
      const isLimited = interaction.kind === 'media' && interaction.maxPlays > 0;
      if (isLimited) limited.add(interaction.media.sha256);
    }
    collect([delivery.stimulus, delivery.body, delivery.interactions], free);
  }
  return [...free.values()].filter(({ sha256 }) => !limited.has(sha256));
}

/** Files stand in bodies, prompts, choices and pictures, so every object is looked at. */
function collect(value: unknown, found: Map<string, MediaRef>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isMediaRef(value)) found.set(value.sha256, value);
  for (const one of Object.values(value)) collect(one, found);
}

function isMediaRef(value: object): value is MediaRef {
  const { sha256, mediaType } = value as Partial<MediaRef>;
  return /^[0-9a-f]{64}$/.test(sha256 ?? '') && typeof mediaType === 'string';
}
