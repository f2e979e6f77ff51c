import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Responses } from '@parlance/assessment';
import { derivedId, type Id, isId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, hasRole } from '@parlance/platform';
import { MarkingSettingsStore } from './db/marking-settings.store.js';
import type { ReviewTask } from './db/review-task.store.js';

/** A task as a marker may see it. */
export interface ShownTask extends Omit<ReviewTask, 'attemptId'> {
  /** Null while the marker must not know whose it is. */
  attemptId: Id | null;
  /** What an anonymous learner is called meanwhile; the same in all tasks of the attempt. */
  label: string | null;
}

/** Keeps from markers what they must not see: names, and each other's marks. */
@Injectable()
export class ShownTasks {
  constructor(private readonly settings: MarkingSettingsStore) {}

  async toMarker(tx: Tx, actor: Actor, tasks: readonly ReviewTask[]): Promise<ShownTask[]> {
    const secrets = await this.settings.anonymousSecrets(
      tx,
      tasks.map(({ attemptId }) => attemptId),
    );
    const isAdmin = hasRole(actor, 'admin');
    return tasks.map((task): ShownTask => {
      const secret = secrets.get(task.attemptId);
      const isHidden = secret !== undefined && !isAdmin;
      const label = secret === undefined ? null : labelOf(secret, task.attemptId);
      const shown: ShownTask = isHidden
        ? { ...task, label, attemptId: null, evidenceUploadId: null }
        : { ...task, label };
      const isOthers = task.doubleThreshold !== null && task.markedBy !== actor.personId;
      return isOthers && !isAdmin ? withoutMark(shown) : shown;
    });
  }
}

/**
 * What an answer that is an upload is called while its marker must not know whose it is. The id of
 * the upload tells when it was recorded; this one neither does nor leads back to it.
 */
export function namelessUploadId(institutionId: Id, uploadId: Id): Id {
  return derivedId('nameless-upload', institutionId, uploadId);
}

/** Answers for a marker who must not know whose they are. */
export function namelessResponses(institutionId: Id, responses: Responses): Responses {
  const entries = Object.entries(responses).map(([responseId, value]) => [
    responseId,
    isId(value) ? namelessUploadId(institutionId, value) : value,
  ]);
  return Object.fromEntries(entries) as Responses;
}

function withoutMark(task: ShownTask): ShownTask {
  const hidden = { points: null, comment: null, annotations: [], rubric: null };
  return { ...task, ...hidden, markedBy: null, markedAt: null };
}

/** Cannot be computed from the attempt by whoever knows its id, for the secret stays here. */
function labelOf(secret: string, attemptId: Id): string {
  const digest = createHmac('sha256', secret).update(attemptId).digest('hex');
  return `Learner ${digest.slice(0, 8).toUpperCase()}`;
}
