import { type Id, Refusal } from '@parlance/kernel';

export type DisputeState = 'open' | 'answered' | 'upheld' | 'rejected';

/** A learner's word against the points of one slot, and the talk about it. */
export interface Dispute {
  id: Id;
  attemptId: Id;
  classId: Id;
  learnerId: Id;
  slot: number;
  state: DisputeState;
  version: number;
  openedAt: Date;
}

/** What somebody says in a dispute does to it. A decision is a teacher's, and ends it. */
export function said(
  dispute: Dispute,
  by: 'learner' | 'teacher',
  decision: 'upheld' | 'rejected' | null,
): Dispute {
  if (dispute.state === 'upheld' || dispute.state === 'rejected') {
    throw new Refusal('conflict', 'dispute-decided', 'This dispute has been decided.');
  }
  if (by === 'learner' && decision !== null) {
    throw new Refusal('forbidden', 'teacher-decides', 'A teacher decides.');
  }
  const state = decision ?? (by === 'learner' ? 'open' : 'answered');
  return { ...dispute, state, version: dispute.version + 1 };
}
