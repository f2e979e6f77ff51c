import { Injectable } from '@nestjs/common';
import type { EnrolmentChangedData } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { Announcements } from './announcements.js';
import { WindowStore } from './db/window.store.js';

/** Whoever joins a class after something opened in it. */
@Injectable()
export class LateJoiners {
  constructor(
    private readonly windows: WindowStore,
    private readonly announcements: Announcements,
  ) {}

  /** Others hear of the due dates that are the newcomer's alone; most classes have none. */
  async joined(tx: Tx, institutionId: Id, enrolment: EnrolmentChangedData): Promise<void> {
    const { role, status, enrolmentId } = enrolment;
    if (role !== 'learner' || status !== 'active') return;
    for (const id of await this.windows.withLateJoinerDays(tx, institutionId, enrolmentId)) {
      await this.announcements.changed(tx, institutionId, id);
    }
  }
}
