import { Injectable } from '@nestjs/common';
import { type Actor, Database, requireVersion } from '@parlance/platform';
import { ItemRecordStore, type PolicyRow } from './db/item-record.store.js';

/** What an institution asks of items before they are published. */
@Injectable()
export class BankPolicy {
  constructor(
    private readonly database: Database,
    private readonly records: ItemRecordStore,
  ) {}

  get(actor: Actor): Promise<PolicyRow> {
    return this.database.inInstitution(actor.institutionId, (tx) => this.records.policy(tx));
  }

  async set(actor: Actor, seen: number, body: { reviewRequired: boolean }): Promise<PolicyRow> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const present = await this.records.policy(tx);
      requireVersion(seen, present.version);
      const { reviewRequired } = body;
      const policy = { reviewRequired, version: seen + 1 };
      if (await this.records.setPolicy(tx, { ...policy, changedBy: actor.personId })) return policy;
      requireVersion(seen, (await this.records.policy(tx)).version);
      throw new Error('A policy was not set, though nobody else set it.');
    });
  }
}
