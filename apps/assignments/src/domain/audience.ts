import { type Id, Refusal } from '@parlance/kernel';

/** Which learners of the class an assignment is for. */
export interface Audience {
  /** With `learnerIds` those in either; both null: the whole class. */
  groupIds: Id[] | null;
  learnerIds: Id[] | null;
  /** Whether those who join after it opened get it too. */
  lateJoiners: boolean;
  /** Days late joiners have at the least; null: no more than the others. */
  lateJoinerDays: number | null;
}

export const WHOLE_CLASS: Audience = {
  groupIds: null,
  learnerIds: null,
  lateJoiners: true,
  lateJoinerDays: null,
};

/** Whether it leaves out anybody who is, or may come to be, in the class. */
export function isRestricted({ groupIds, learnerIds, lateJoiners }: Audience): boolean {
  return groupIds !== null || learnerIds !== null || !lateJoiners;
}

export function requireSomebody({ groupIds, learnerIds }: Audience): void {
  if (groupIds === null && learnerIds === null) return;
  if ((groupIds?.length ?? 0) + (learnerIds?.length ?? 0) > 0) return;
  const detail = 'Name a group or a learner, or leave both out for the whole class.';
  throw new Refusal('unprocessable', 'audience-empty', detail);
}
