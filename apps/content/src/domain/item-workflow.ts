import { type FieldFault, type Id, Refusal } from '@parlance/kernel';

/** Where an item stands; the last two are held back: in no new test or form. */
export const ITEM_STATUSES = ['draft', 'in-review', 'published', 'retired', 'quarantined'] as const;

export type ItemStatus = (typeof ITEM_STATUSES)[number];

export type DraftState = 'draft' | 'in-review';

export const VERDICTS = ['approve', 'request-changes'] as const;

export type Verdict = (typeof VERDICTS)[number];

/** What happens to an item, as its history names it. */
export const STEPS = [
  'created',
  'review-requested',
  'review-withdrawn',
  'approved',
  'changes-requested',
  'published',
  'draft-discarded',
  'retired',
  'reinstated',
  'quarantined',
  'released',
] as const;

export type Step = (typeof STEPS)[number];

/** What the workflow has to know of a draft. */
export interface DraftStanding {
  state: DraftState;
  faults: readonly FieldFault[];
  /** Everybody who wrote at it: none of them reviews it. */
  editorIds: readonly Id[];
  approvedBy: Id | null;
}

/** Throws unless the draft may be changed: one in review stays as the reviewer sees it. */
export function requireEditable({ state }: Pick<DraftStanding, 'state'>): void {
  if (state === 'draft') return;
  const detail = 'It is in review; withdraw the request before you change it.';
  throw new Refusal('conflict', 'draft-in-review', detail);
}

export function requireInReview({ state }: DraftStanding): void {
  if (state === 'in-review') return;
  throw new Refusal('conflict', 'not-in-review', 'Nobody has asked for a review of this draft.');
}

export function requireSound({ faults }: Pick<DraftStanding, 'faults'>): void {
  if (faults.length === 0) return;
  const detail = 'The item cannot be used yet; mend what is listed first.';
  throw new Refusal('unprocessable', 'draft-has-faults', detail, [...faults]);
}

/** Throws unless this person may judge the draft: another one than whoever wrote at it. */
export function requireReviewer(draft: DraftStanding, reviewerId: Id): void {
  requireInReview(draft);
  if (!draft.editorIds.includes(reviewerId)) return;
  const detail = 'A draft is reviewed by somebody who did not write it.';
  throw new Refusal('forbidden', 'reviewer-is-author', detail);
}

/** Throws unless a draft of an item that stands so may become its next version. */
export function requirePublishable(
  item: { status: ItemStatus },
  draft: DraftStanding,
  policy: { reviewRequired: boolean },
): void {
  if (item.status === 'retired') {
    const detail = 'The item is retired; reinstate it first.';
    throw new Refusal('conflict', 'item-retired', detail);
  }
  requireSound(draft);
  if (draft.approvedBy !== null || !policy.reviewRequired) return;
  throw new Refusal('conflict', 'review-missing', 'Somebody else must approve the draft first.');
}

/** Throws unless the item has a version that may be held back. */
export function requirePublished(item: { status: ItemStatus }): void {
  if (item.status !== 'draft' && item.status !== 'in-review') return;
  throw new Refusal('conflict', 'never-published', 'The item has no published version.');
}
