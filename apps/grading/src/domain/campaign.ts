import { type Id, Refusal } from '@parlance/kernel';
import type { RescoreOutcome, RescorePass } from './rescore.js';

export const CAMPAIGN_STATES = [
  'previewing',
  'draft',
  'applying',
  'paused',
  'cancelled',
  'applied',
  'reverting',
  'reverted',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** Where a pass stands: attempts come by assignment, then by id. */
export interface Cursor {
  assignmentId: Id;
  attemptId: Id;
}

export const START: Cursor = {
  assignmentId: '00000000-0000-0000-0000-000000000000',
  attemptId: '00000000-0000-0000-0000-000000000000',
};

/** What a pass has done so far. */
export interface PassCounts {
  /** Attempts the pass was about. */
  attempts: number;
  rescored: number;
  kept: number;
  marked: number;
  unscorable: number;
  raised: number;
  lowered: number;
}

export type CampaignCounts = Partial<Record<'preview' | RescorePass, PassCounts>>;

/** Finished work is scored again with another version of an item. */
export interface Campaign {
  id: Id;
  itemId: Id | null;
  fromVersionId: Id;
  toVersionId: Id;
  reason: string;
  neverLower: boolean;
  state: CampaignState;
  pass: 'preview' | RescorePass;
  version: number;
  openedBy: Id | null;
  openedAt: Date;
  approvedBy: Id | null;
  approvedAt: Date | null;
  finishedAt: Date | null;
  cursor: Cursor;
  counts: CampaignCounts;
}

export type CampaignStep = 'pause' | 'resume' | 'cancel' | 'revert';

const NO_COUNTS: PassCounts = {
  attempts: 0,
  rescored: 0,
  kept: 0,
  marked: 0,
  unscorable: 0,
  raised: 0,
  lowered: 0,
};

/** Looks again at what it would do, as an open draft does when something about it changes. */
export function previewAgain(campaign: Campaign, neverLower: boolean): Campaign {
  requireState(campaign, ['draft', 'previewing'], 'be changed');
  return passFrom({ ...campaign, neverLower }, 'preview', 'previewing');
}

/** A second person lets it begin. Whoever opened it cannot. */
export function approved(campaign: Campaign, personId: Id, at: Date): Campaign {
  if (campaign.openedBy === personId) {
    const detail = 'Whoever opened a campaign cannot approve it: ask a colleague.';
    throw new Refusal('forbidden', 'second-person-required', detail);
  }
  requireState(campaign, ['draft'], 'be approved');
  return passFrom({ ...campaign, approvedBy: personId, approvedAt: at }, 'apply', 'applying');
}

export function stepped(campaign: Campaign, step: CampaignStep): Campaign {
  const version = campaign.version + 1;
  switch (step) {
    case 'pause':
      requireState(campaign, ['applying', 'reverting'], 'be paused');
      return { ...campaign, version, state: 'paused' };
    case 'resume':
      requireState(campaign, ['paused'], 'be resumed');
      return { ...campaign, version, state: campaign.pass === 'revert' ? 'reverting' : 'applying' };
    case 'cancel':
      requireState(campaign, ['previewing', 'draft', 'applying', 'paused'], 'be cancelled');
      if (campaign.pass === 'revert') requireState(campaign, [], 'be cancelled while it reverts');
      return { ...campaign, version, state: 'cancelled' };
    case 'revert':
      requireState(campaign, ['applied', 'cancelled'], 'be reverted');
      if (campaign.approvedBy === null) requireState(campaign, [], 'be reverted: it did nothing');
      return passFrom(campaign, 'revert', 'reverting');
  }
}

/** After the last attempt of a pass. */
export function passEnded(campaign: Campaign, at: Date): Campaign {
  const ends = { preview: 'draft', apply: 'applied', revert: 'reverted' } as const;
  const finishedAt = campaign.pass === 'preview' ? null : at;
  const state = ends[campaign.pass];
  return { ...campaign, version: campaign.version + 1, state, finishedAt };
}

export function countsOf(campaign: Campaign): PassCounts {
  return campaign.counts[campaign.pass] ?? NO_COUNTS;
}

export function counted(
  campaign: Campaign,
  outcomes: readonly { outcome: RescoreOutcome; before: number; after: number }[],
): CampaignCounts {
  const counts = { ...countsOf(campaign) };
  for (const { outcome, before, after } of outcomes) {
    counts.attempts += 1;
    counts[outcome] += 1;
    if (after > before) counts.raised += 1;
    if (after < before) counts.lowered += 1;
  }
  return { ...campaign.counts, [campaign.pass]: counts };
}

function passFrom(campaign: Campaign, pass: Campaign['pass'], state: CampaignState): Campaign {
  const counts = { ...campaign.counts, [pass]: NO_COUNTS };
  return { ...campaign, version: campaign.version + 1, pass, state, cursor: START, counts };
}

function requireState(campaign: Campaign, states: CampaignState[], what: string): void {
  if (states.includes(campaign.state)) return;
  const detail = `A campaign that is ${campaign.state} cannot ${what}.`;
  throw new Refusal('conflict', 'wrong-campaign-state', detail);
}
