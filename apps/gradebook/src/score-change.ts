import type { AttemptScoredData } from '@parlance/events';
import type { CellChange } from './cells.js';
import { type AttemptGrade, withAttempt } from './domain/cell.js';

/** What a score version means for the cell it belongs to. */
export function changeOf(scored: AttemptScoredData): CellChange {
  const { assignmentId, classId, learnerId, attemptId } = scored;
  const grade = attemptGrade(scored);
  return {
    ...{ assignmentId, classId, learnerId },
    change: (known) => withAttempt(known, attemptId, grade),
  };
}

function attemptGrade(scored: AttemptScoredData): AttemptGrade {
  const { attemptNumber, scoreVersion, status, points, pointsPossible, overridden } = scored;
  const submittedAt = new Date(scored.submittedAt).toISOString();
  const isReleased = scored.scoreReleased;
  return {
    ...{ attemptNumber, scoreVersion, status, points, pointsPossible, overridden },
    ...{ submittedAt, isReleased },
  };
}
