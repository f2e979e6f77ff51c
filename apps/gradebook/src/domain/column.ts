import { type GradePolicy, USUAL_GRACE_SECONDS } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import { type GradeRules, NO_RULES } from './cell.js';

/** A learner whose due date is another; null: none. */
export interface DueException {
  learnerId: Id;
  dueAt: string | null;
}

/** An assignment as a gradebook has it. */
export interface Column {
  assignmentId: Id;
  title: string;
  category: string;
  pointsPossible: number;
  dueAt: string | null;
  policy: GradePolicy;
  policyVersion: number;
  /** Whom it is for; null: the whole class. */
  learnerIds: Id[] | null;
  exceptions: DueException[];
}

export function isAssigned({ learnerIds }: Column, learnerId: Id): boolean {
  return learnerIds === null || learnerIds.includes(learnerId);
}

export function dueAtFor({ dueAt, exceptions }: Column, learnerId: Id): string | null {
  const own = exceptions.find((one) => one.learnerId === learnerId);
  return own === undefined ? dueAt : own.dueAt;
}

/** From when on work of the learner is missing; null: never. */
export function missingSince(column: Column, learnerId: Id): Date | null {
  const dueAt = dueAtFor(column, learnerId);
  if (dueAt === null) return null;
  const graceSeconds = column.policy.late?.graceSeconds ?? USUAL_GRACE_SECONDS;
  return new Date(new Date(dueAt).getTime() + graceSeconds * 1000);
}

/** What the attempts of a learner are graded by; an assignment not heard of yet has no rules. */
export function rulesOf(column: Column | null, learnerId: Id): GradeRules {
  if (column === null) return NO_RULES;
  const { policy, policyVersion } = column;
  return { policy, policyVersion, dueAt: dueAtFor(column, learnerId) };
}
