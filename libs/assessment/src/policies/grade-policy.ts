import type { AttemptRule } from './attempts.js';
import type { LatePolicy, MissingPolicy } from './late.js';

/** How the attempts at an assignment become a grade. It never changes: another is a new version. */
export interface GradePolicy {
  attempts: AttemptRule;
  /** Null: lateness is shown and costs nothing. */
  late: LatePolicy | null;
  /** Null: work that is missing is an open cell. */
  missing: MissingPolicy | null;
}

/** What holds as long as a teacher has not decided. */
export const USUAL_POLICY: GradePolicy = { attempts: 'best', late: null, missing: null };
