import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import { type Actor, Database, hasRole } from '@parlance/platform';
import { MarkingSettingsStore } from './db/marking-settings.store.js';

/** Attempts that are marked without names: their points are nobody's until they are final. */
@Injectable()
export class HiddenAttempts {
  constructor(
    private readonly database: Database,
    private readonly settings: MarkingSettingsStore,
  ) {}

  /** Leaves out what is about an attempt the actor must not know anything of; admins may. */
  async without<T extends { attemptId: Id }>(actor: Actor, list: readonly T[]): Promise<T[]> {
    if (hasRole(actor, 'admin') || list.length === 0) return [...list];
    const hidden = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.settings.anonymousSecrets(
        tx,
        list.map(({ attemptId }) => attemptId),
      ),
    );
    return list.filter(({ attemptId }) => !hidden.has(attemptId));
  }
}
