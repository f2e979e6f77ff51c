import type { z } from 'zod';
import type { BodyNode } from '../items/body.js';
import type { playedMedia } from './fields.js';
import type { ItemDraft } from './item-draft.js';

/** Pictures and sounds above a question; a sound with a limit is an interaction of its own. */
export function mediaNodes(
  list: readonly z.output<typeof playedMedia>[],
  draft: ItemDraft,
  at = '/media',
): BodyNode[] {
  return list.map(({ minPlays, maxPlays, ...media }, index) => {
    const isImage = media.mediaType.startsWith('image/');
    if (isImage && media.alt === undefined) {
      draft.warn(`picture ${index + 1} has no text for those who cannot see it`);
    }
    if (minPlays === undefined && maxPlays === undefined) return { kind: 'media', media };
    if (isImage) draft.fault(`${at}/${index}`, 'a picture is not played');
    const limits = { minPlays: minPlays ?? 0, maxPlays: maxPlays ?? 0 };
    if (limits.maxPlays > 0 && limits.minPlays > limits.maxPlays) {
      draft.fault(`${at}/${index}/minPlays`, 'must not be more than maxPlays');
    }
    return draft.show({ kind: 'media', responseId: draft.nextResponseId(), media, ...limits });
  });
}
