import { IsIn, IsInt, IsISO8601, IsUUID, Min } from 'class-validator';
import { defineEvent } from '../define.js';

export class AttemptReopenedData {
  @IsUUID() attemptId: string;
  @IsUUID() assignmentId: string;
  @IsUUID() classId: string;
  @IsUUID() learnerId: string;
  @IsInt() @Min(1) attemptNumber: number;
  /**
   * `continue`: the learner works on, and it is handed in anew. `regrade-only`: it is told again as
   * it was handed in. `new-attempt`: it stays, and the learner has one attempt more.
   */
  @IsIn(['continue', 'new-attempt', 'regrade-only'])
  kind: 'continue' | 'new-attempt' | 'regrade-only';
  @IsUUID() actorId: string;
  @IsISO8601() reopenedAt: string;
}

export const AttemptReopened = defineEvent({
  type: 'assignments.attempt-reopened.v1',
  owner: 'assignments',
  consumers: ['gradebook'],
  data: AttemptReopenedData,
  subject: 'attemptId',
  summary: 'A teacher opened again what was handed in.',
});
