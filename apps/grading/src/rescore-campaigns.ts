import { Injectable } from '@nestjs/common';
import {
  type Id,
  newId,
  notFound,
  type Page,
  pageOf,
  Refusal,
  storableText,
} from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import {
  type Actor,
  Database,
  hasRole,
  type IdempotentRequest,
  once,
  requireVersion,
} from '@parlance/platform';
import { idIn } from './access.js';
import { RescoreCampaignStore } from './db/rescore-campaign.store.js';
import {
  type ClassImpact,
  type ListedOutcome,
  RescoreImpactStore,
} from './db/rescore-impact.store.js';
import {
  approved,
  type Campaign,
  type CampaignStep,
  countsOf,
  type PassCounts,
  previewAgain,
  START,
  stepped,
} from './domain/campaign.js';
import type { RescoreOutcome } from './domain/rescore.js';
import { ScoringSpecs } from './scoring-specs.js';

export interface CampaignView extends Omit<Campaign, 'cursor'> {
  /** Of the pass the campaign is in, or was in last. */
  progress: PassCounts;
}

export interface NewCampaign {
  fromVersionId: Id;
  toVersionId: Id;
  reason: string;
  neverLower: boolean;
}

interface Paging {
  limit: number;
  cursor?: string;
}

/** Campaigns as people open, approve and stop them; the worker does what they say. */
@Injectable()
export class RescoreCampaigns {
  constructor(
    private readonly database: Database,
    private readonly store: RescoreCampaignStore,
    private readonly impacts: RescoreImpactStore,
    private readonly specs: ScoringSpecs,
  ) {}

  /** Opens a campaign by hand; its dry run begins at once. */
  open(actor: Actor, input: NewCampaign, key: string | undefined): Promise<CampaignView> {
    const { institutionId, personId } = actor;
    const request: IdempotentRequest = { actor, key, operation: 'open-campaign', body: input };
    return this.database.inInstitution(institutionId, (tx) =>
      once(tx, request, async () => {
        await this.requireSpecs(tx, institutionId, input);
        const campaign = newCampaign({ ...input, itemId: null, openedBy: personId });
        if (!(await this.store.add(tx, campaign))) {
          const detail = 'There is a campaign for these two versions already.';
          throw new Refusal('conflict', 'campaign-exists', detail);
        }
        return viewOf(campaign);
      }),
    );
  }

  /** A correction was published. A campaign that is there already is the one for it. */
  async openFor(
    tx: Tx,
    correction: {
      itemId: Id;
      fromVersionId: Id;
      toVersionId: Id;
      reason: string;
      actorId: Id | null;
    },
  ): Promise<void> {
    const { actorId, ...versions } = correction;
    await this.store.add(tx, newCampaign({ ...versions, neverLower: false, openedBy: actorId }));
  }

  read(actor: Actor, id: Id): Promise<CampaignView> {
    return this.database.inInstitution(actor.institutionId, async (tx) =>
      viewOf(await this.seen(tx, actor, id)),
    );
  }

  list(actor: Actor, page: Paging): Promise<Page<CampaignView>> {
    const after = page.cursor === undefined ? null : idIn(page.cursor);
    const openedBy = hasRole(actor, 'admin') ? null : actor.personId;
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const rows = await this.store.list(tx, openedBy, { after, limit: page.limit + 1 });
      return pageOf(rows.map(viewOf), page.limit, ({ id }) => [id]);
    });
  }

  /** What the dry run found, class by class. */
  impact(actor: Actor, id: Id, page: Paging): Promise<Page<ClassImpact>> {
    const after = page.cursor === undefined ? null : idIn(page.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.seen(tx, actor, id);
      const rows = await this.impacts.list(tx, id, { after, limit: page.limit + 1 });
      return pageOf(rows, page.limit, ({ classId }) => [classId]);
    });
  }

  /** What became of each attempt; nothing a campaign came across is left out. */
  outcomes(
    actor: Actor,
    id: Id,
    filter: { pass: 'apply' | 'revert'; outcome: RescoreOutcome | null },
    page: Paging,
  ): Promise<Page<ListedOutcome>> {
    const after = page.cursor === undefined ? null : idIn(page.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.seen(tx, actor, id);
      const limits = { after, limit: page.limit + 1 };
      const rows = await this.impacts.outcomes(tx, id, filter, limits);
      return pageOf(rows, page.limit, ({ attemptId }) => [attemptId]);
    });
  }

  /** Changes a draft, and looks again at what it would do. */
  change(actor: Actor, id: Id, seen: number, neverLower: boolean): Promise<CampaignView> {
    return this.step(actor, id, seen, async (tx, campaign) => {
      await this.impacts.clear(tx, id);
      return previewAgain(campaign, neverLower);
    });
  }

  approve(actor: Actor, id: Id, seen: number): Promise<CampaignView> {
    return this.step(actor, id, seen, async (tx, campaign) => {
      await this.requireSpecs(tx, actor.institutionId, campaign);
      const next = approved(campaign, actor.personId, new Date());
      await this.store.correct(tx, next);
      return next;
    });
  }

  proceed(actor: Actor, id: Id, seen: number, step: CampaignStep): Promise<CampaignView> {
    return this.step(actor, id, seen, async (tx, campaign) => {
      const next = stepped(campaign, step);
      if (step === 'cancel' || step === 'revert') await this.store.uncorrect(tx, campaign);
      return next;
    });
  }

  private step(
    actor: Actor,
    id: Id,
    seen: number,
    decide: (tx: Tx, campaign: Campaign) => Promise<Campaign>,
  ): Promise<CampaignView> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const campaign = await this.store.lock(tx, id);
      if (campaign === null) throw notFound('rescore campaign');
      requireVersion(seen, campaign.version);
      const next = await decide(tx, campaign);
      await this.store.save(tx, next);
      return viewOf(next);
    });
  }

  /** Admins see every campaign, teachers those they opened. */
  private async seen(tx: Tx, actor: Actor, id: Id): Promise<Campaign> {
    const campaign = await this.store.find(tx, id);
    const isSeen = hasRole(actor, 'admin') || campaign?.openedBy === actor.personId;
    if (campaign === null || !isSeen) throw notFound('rescore campaign');
    return campaign;
  }

  private async requireSpecs(tx: Tx, institutionId: Id, versions: NewCampaign): Promise<void> {
    const { fromVersionId, toVersionId } = versions;
    const known = await this.specs.of(tx, institutionId, [fromVersionId, toVersionId]);
    const faults = (['fromVersionId', 'toVersionId'] as const)
      .filter((name) => !known.has(versions[name]))
      .map((name) => ({ pointer: `/${name}`, detail: 'is no item version grading knows' }));
    if (fromVersionId === toVersionId) {
      faults.push({ pointer: '/toVersionId', detail: 'must be another version' });
    }
    if (faults.length === 0) return;
    throw new Refusal('unprocessable', 'unknown-item-version', 'It cannot be scored.', faults);
  }
}

function newCampaign(input: NewCampaign & { itemId: Id | null; openedBy: Id | null }): Campaign {
  return {
    ...input,
    id: newId(),
    reason: storableText(input.reason),
    state: 'previewing',
    pass: 'preview',
    version: 1,
    openedAt: new Date(),
    approvedBy: null,
    approvedAt: null,
    finishedAt: null,
    cursor: START,
    counts: {},
  };
}

function viewOf({ cursor: _, ...campaign }: Campaign): CampaignView {
  return { ...campaign, progress: countsOf({ ...campaign, cursor: START }) };
}
