import { Inject, Injectable } from '@nestjs/common';
import { type Clock, type Id, newId, notFound } from '@parlance/kernel';
import { type Actor, Database } from '@parlance/platform';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import { requireSaving } from './domain/attempt.js';
import { requireClaim } from './domain/writer.js';

export interface Writer {
  deviceId: string;
  lease: Id;
  leasedAt: Date;
}

/** Which of a learner's devices writes an attempt. */
@Injectable()
export class Writers {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Makes the device the one that writes; the same one again gets a lease anew. */
  async claim(
    actor: Actor,
    attemptId: Id,
    claim: { deviceId: string; takeOver: boolean },
  ): Promise<Writer> {
    const { institutionId, personId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.lockOwn(tx, institutionId, attemptId, personId);
      if (attempt === undefined) throw notFound('attempt');
      const leasedAt = this.clock.now();
      requireSaving(attempt, leasedAt);
      requireClaim(attempt, claim);
      const { deviceId } = claim;
      const lease = newId();
      await this.attempts.setWriter(tx, institutionId, { ...attempt, deviceId, lease }, leasedAt);
      return { deviceId, lease, leasedAt };
    });
  }
}
