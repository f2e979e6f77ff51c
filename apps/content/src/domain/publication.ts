import type { Id } from '@parlance/kernel';

/** An item or test by the name its package gives it; `id` is used if it does not exist yet. */
export interface Named {
  id: Id;
  identifier: string;
  title: string;
}

/** Where an item or test stands: number 0 and no version while it has none. */
export interface Standing {
  id: Id;
  identifier: string;
  version: number;
  latestVersionId: Id | null;
  latestVersionNumber: number;
  latestHash: string;
}

export type Change = 'created' | 'new-version' | 'unchanged';

export interface Published {
  id: Id;
  versionId: Id;
  versionNumber: number;
  change: Change;
}

/**
 * What publishing this content makes of an item or test: the latest version again if that has the
 * same hash, else the next one under the id given. Going back to an older content is a new
 * version, because the latest is what counts.
 */
export function publish(standing: Standing, hash: string, newVersionId: Id): Published {
  const { id, latestVersionId, latestVersionNumber, latestHash } = standing;
  if (latestVersionId !== null && latestHash === hash) {
    return {
      id,
      versionId: latestVersionId,
      versionNumber: latestVersionNumber,
      change: 'unchanged',
    };
  }
  return {
    id,
    versionId: newVersionId,
    versionNumber: latestVersionNumber + 1,
    change: latestVersionId === null ? 'created' : 'new-version',
  };
}
