import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { Database } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import type { Origin } from './db/attempt-score.store.js';
import { type AttemptOutcome, RescoreBatchStore } from './db/rescore-batch.store.js';
import { type CampaignLease, RescoreCampaignStore } from './db/rescore-campaign.store.js';
import { RescoreImpactStore } from './db/rescore-impact.store.js';
import { ReviewTaskWrites } from './db/review-task-writes.store.js';
import { countingPoints } from './domain/attempt-score.js';
import { type Campaign, counted, type Cursor, passEnded, START } from './domain/campaign.js';
import { rescoreAttempt, type RescoredAttempt, type Rescoring } from './domain/rescore.js';
import { ScoreVersions } from './score-versions.js';
import { ScoringSpecs } from './scoring-specs.js';

/**
 * What a batch came to. `waiting`: a sweep ended that may have missed what others were writing, so
 * another one has to follow when they are done.
 */
export type BatchResult = 'more' | 'waiting' | 'ended' | 'lost';

interface Done extends RescoredAttempt {
  pointsBefore: number;
}

/**
 * One batch of a campaign, in one transaction: the new versions, their events, what came of each
 * attempt, and how far the pass is. Whatever the process dies of, all of it is there or nothing.
 */
@Injectable()
export class RescoreBatches {
  constructor(
    private readonly database: Database,
    private readonly campaigns: RescoreCampaignStore,
    private readonly store: RescoreBatchStore,
    private readonly impacts: RescoreImpactStore,
    private readonly tasks: ReviewTaskWrites,
    private readonly specs: ScoringSpecs,
    private readonly versions: ScoreVersions,
  ) {}

  run(lease: CampaignLease, limits: { batch: number; leaseMs: number }): Promise<BatchResult> {
    return this.database.inInstitution(lease.institutionId, async (tx) => {
      const campaign = await this.campaigns.lockForWork(tx, lease, limits.leaseMs);
      if (campaign === null) return 'lost';
      if (campaign.cursor.attemptId === START.attemptId) {
        await this.campaigns.beginSweep(tx, campaign.id);
      }
      const candidates = await this.store.candidates(tx, campaign, limits.batch);
      const last = candidates.at(-1);
      if (last === undefined) return this.endSweep(tx, campaign);
      const ids = candidates.map(({ attemptId }) => attemptId);
      await this.work(tx, lease.institutionId, campaign, ids, last);
      return 'more';
    });
  }

  private async endSweep(tx: Tx, campaign: Campaign): Promise<BatchResult> {
    if (await this.campaigns.isSweepFinal(tx, campaign.id)) {
      await this.campaigns.save(tx, passEnded(campaign, new Date()));
      return 'ended';
    }
    await this.campaigns.progress(tx, campaign.id, START, campaign.counts);
    return 'waiting';
  }

  private async work(
    tx: Tx,
    institutionId: Id,
    campaign: Campaign,
    attemptIds: Id[],
    cursor: Cursor,
  ): Promise<void> {
    const { pass } = campaign;
    if (pass !== 'preview') await this.store.lockTasks(tx, attemptIds);
    const done = await this.decide(tx, institutionId, campaign, attemptIds);
    const outcomes = done.map((one): AttemptOutcome => one);
    if (pass === 'preview') {
      await this.impacts.add(tx, campaign.id, done.map(foreseen));
    } else if (done.length > 0) {
      const origin = originOf(campaign);
      await this.store.write(tx, campaign.id, pass, outcomes, origin);
      await this.tellAndAsk(tx, institutionId, campaign, done, origin);
    }
    await this.campaigns.progress(tx, campaign.id, cursor, counted(campaign, done.map(foreseen)));
  }

  private async decide(
    tx: Tx,
    institutionId: Id,
    campaign: Campaign,
    attemptIds: Id[],
  ): Promise<Done[]> {
    const { fromVersionId, toVersionId, pass, neverLower } = campaign;
    const isRevert = pass === 'revert';
    // Locked by a statement of its own, so that the next one sees what others have just committed.
    const scores = await this.store.scores(tx, attemptIds, pass !== 'preview');
    const held = isRevert ? toVersionId : fromVersionId;
    const runs = await this.store.runs(tx, attemptIds, held);
    const tasks = await this.store.tasks(tx, attemptIds);
    const specs = await this.specs.of(tx, institutionId, [fromVersionId, toVersionId]);
    const rescoring: Rescoring = {
      ...{ campaignId: campaign.id, pass: isRevert ? 'revert' : 'apply' },
      ...{ fromVersionId, toVersionId, neverLower },
    };
    return scores.flatMap((score) => {
      const own = runs.get(score.attemptId) ?? [];
      const marks = tasks.get(score.attemptId) ?? [];
      const result = rescoreAttempt(score, own, marks, specs, rescoring);
      return result === null ? [] : [{ ...result, pointsBefore: countingPoints(score) }];
    });
  }

  private async tellAndAsk(
    tx: Tx,
    institutionId: Id,
    campaign: Campaign,
    done: readonly Done[],
    origin: Origin,
  ): Promise<void> {
    const rescored = done.filter(({ outcome }) => outcome === 'rescored');
    if (rescored.length === 0) return;
    await this.tasks.change(tx, rescored);
    if (campaign.pass === 'apply') {
      const assignmentIds = rescored.map(({ score }) => score.assignmentId);
      await this.store.noteItems(tx, campaign.toVersionId, assignmentIds);
    }
    const scores = rescored.map(({ score }) => score);
    const { counts } = campaign;
    const before = (counts.apply?.attempts ?? 0) + (counts.revert?.attempts ?? 0);
    const about = { id: campaign.id, sequence: before + done.length };
    await this.versions.tellRescored(tx, institutionId, about, scores, origin);
  }
}

function originOf({ pass, approvedBy }: Campaign): Origin {
  const cause = pass === 'revert' ? 'rescore-reverted' : 'rescored';
  return { cause, actorId: approvedBy, traceId: currentTraceId() ?? null, at: new Date() };
}

function foreseen({ score, outcome, pointsBefore }: Done) {
  const { attemptId, classId } = score;
  return { attemptId, classId, outcome, before: pointsBefore, after: countingPoints(score) };
}
