import type { ItemDelivery, MediaRef } from '@parlance/assessment';

/** Every file an item shows or plays, once each. */
export function mediaIn(delivery: ItemDelivery): MediaRef[] {
  const found = new Map<string, MediaRef>();
  collect(delivery, found);
  return [...found.values()];
}

function collect(value: unknown, found: Map<string, MediaRef>): void {
  if (typeof value !== 'object' || value === null) return;
  const { sha256, mediaType } = value as Partial<MediaRef>;
  if (typeof sha256 === 'string' && typeof mediaType === 'string') {
    found.set(sha256, value as MediaRef);
  }
  for (const inner of Object.values(value)) collect(inner, found);
}
