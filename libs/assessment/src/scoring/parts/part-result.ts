import type { DecidedBy, PartNote, PartTrace } from '../item-score.js';

/** What one way of scoring says of one answer. */
export interface PartResult {
  /** 0..1 of the points of the part. */
  share: number;
  rule: DecidedBy;
  notes?: PartNote[];
  feedback?: string;
  trace?: PartTrace;
}

/** A share held within what a part can earn; a number that is none counts 0. */
export function withinShare(share: number): number {
  return Math.min(1, Math.max(0, share)) || 0;
}
