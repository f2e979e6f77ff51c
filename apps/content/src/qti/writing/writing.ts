import type { MediaRef, ResponseDeclaration } from '@parlance/assessment';
import type { Losses } from '../losses.js';
import type { ExportVersion } from './export-version.js';

/** What writing one file carries along. */
export interface Writing {
  version: ExportVersion;
  losses: Losses;
  /** Path from the written file to a picture, sound or film; it is noted that it is needed. */
  hrefOf(media: MediaRef): string;
}

/** The same for an item, with what its answers are in QTI. */
export interface ItemWriting extends Writing {
  responses: ReadonlyMap<string, ResponseDeclaration>;
  /** Responses that are lists of at most one here and single values in QTI. */
  single: ReadonlySet<string>;
}
