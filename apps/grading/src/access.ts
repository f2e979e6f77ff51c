import { decodeCursor, type Id, isId, Refusal } from '@parlance/kernel';
import { type Actor, hasRole } from '@parlance/platform';
import type { Reviewer } from './db/review-task.store.js';

export function reviewerOf(actor: Actor): Reviewer {
  return { personId: actor.personId, isAdmin: hasRole(actor, 'admin') };
}

/** Whether somebody may mark a class: its teachers may, and the institution's admins. */
export function mayGrade(actor: Actor, isTaught: boolean): boolean {
  return hasRole(actor, 'admin') || (hasRole(actor, 'teacher') && isTaught);
}

/** The id a cursor of one id holds. */
export function idIn(cursor: string): Id {
  const [id] = decodeCursor(cursor, 1);
  if (isId(id)) return id;
  throw new Refusal('invalid', 'invalid-cursor', 'The cursor is not one this list gave out.');
}
