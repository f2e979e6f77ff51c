import { Refusal } from '@parlance/kernel';
import type { Actor } from '@parlance/platform';
import type { ReviewTask } from './db/review-task.store.js';

export function refuseDone(task: ReviewTask): void {
  if (task.status !== 'done') return;
  throw new Refusal('conflict', 'review-task-done', 'This task has been marked.');
}

export function requireHolder(task: ReviewTask, actor: Actor): void {
  if (task.claimedBy === actor.personId) return;
  if (task.status === 'claimed') {
    throw new Refusal('conflict', 'claimed-by-other', 'Somebody else has claimed this task.');
  }
  throw new Refusal('conflict', 'lease-lost', 'You do not hold this task; claim it again.');
}

export function requireMayMark(task: ReviewTask, actor: Actor): void {
  if (task.status === 'done') {
    if (task.needsRemark && task.claimedBy === actor.personId) return;
    if (task.markedBy !== actor.personId) refuseDone(task);
    return;
  }
  requireHolder(task, actor);
  if (task.status === 'claimed') return;
  const detail = 'Your claim ran out; renew the lease before you mark.';
  throw new Refusal('conflict', 'lease-lost', detail);
}
