import { Injectable } from '@nestjs/common';
import { AttemptScored, type AttemptScoredData, AttemptsRescored } from '@parlance/events';
import { type Id, newDayId } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptScoreStore, type Origin } from './db/attempt-score.store.js';
import { type AttemptScore, countingPoints } from './domain/attempt-score.js';
import { type AssignmentFacts, tasksOf, UNKNOWN_ASSIGNMENT } from './domain/marking-settings.js';
import { releaseOf } from './domain/release.js';
import type { ReviewNeed, ScoredItem } from './domain/score-attempt.js';

/** Writes score versions and tells the others: the only way a score comes to be or changes. */
@Injectable()
export class ScoreVersions {
  constructor(
    private readonly store: AttemptScoreStore,
    private readonly assignments: AssignmentStore,
    private readonly outbox: Outbox,
  ) {}

  /** False, and nothing is done, when the attempt has been scored before. */
  async first(
    tx: Tx,
    institutionId: Id,
    score: AttemptScore,
    scored: { items: ScoredItem[]; reviews: ReviewNeed[] },
    origin: Origin,
    facts: AssignmentFacts,
  ): Promise<boolean> {
    const needs = tasksOf(scored.reviews, facts.settings);
    const tasks = needs.map((task) => ({ ...task, id: newDayId() }));
    const isFirst = await this.store.addFirst(tx, score, scored.items, tasks, origin);
    if (isFirst) await this.tell(tx, institutionId, [score], origin, facts);
    return isFirst;
  }

  /** `score` is the version after one that this transaction has locked. */
  async next(
    tx: Tx,
    institutionId: Id,
    score: AttemptScore,
    origin: Origin,
    items: ScoredItem[] | null = null,
  ): Promise<void> {
    await this.store.addNext(tx, score, origin, items);
    await this.tellAll(tx, institutionId, [score], origin);
  }

  /** Tells of versions that have been written, of each by itself. */
  async tellAll(
    tx: Tx,
    institutionId: Id,
    scores: readonly AttemptScore[],
    origin: Origin,
  ): Promise<void> {
    await this.add(tx, institutionId, await this.dataOf(tx, scores, origin));
  }

  /** Tells of versions a campaign has written, in one event; `sequence` grows with each of them. */
  async tellRescored(
    tx: Tx,
    institutionId: Id,
    campaign: { id: Id; sequence: number },
    scores: readonly AttemptScore[],
    origin: Origin,
  ): Promise<void> {
    const data = { campaignId: campaign.id, scores: await this.dataOf(tx, scores, origin) };
    await this.outbox.add(tx, AttemptsRescored, {
      version: campaign.sequence,
      institutionId,
      data,
    });
  }

  private tell(
    tx: Tx,
    institutionId: Id,
    scores: readonly AttemptScore[],
    origin: Origin,
    facts: AssignmentFacts,
  ): Promise<void> {
    return this.add(
      tx,
      institutionId,
      scores.map((score) => scoredData(score, origin, facts)),
    );
  }

  private async dataOf(
    tx: Tx,
    scores: readonly AttemptScore[],
    origin: Origin,
  ): Promise<AttemptScoredData[]> {
    const ids = [...new Set(scores.map(({ assignmentId }) => assignmentId))];
    const facts = await this.assignments.facts(tx, ids);
    return scores.map((score) =>
      scoredData(score, origin, facts.get(score.assignmentId) ?? UNKNOWN_ASSIGNMENT),
    );
  }

  private async add(tx: Tx, institutionId: Id, all: AttemptScoredData[]): Promise<void> {
    const events = all.map((data) => ({ version: data.scoreVersion, institutionId, data }));
    await this.outbox.addAll(tx, AttemptScored, events);
  }
}

function scoredData(
  score: AttemptScore,
  origin: Origin,
  facts: AssignmentFacts,
): AttemptScoredData {
  const { attemptId, assignmentId, classId, learnerId, attemptNumber, version, status } = score;
  const { dueAt, closesAt, settings } = facts;
  const about = { status, dueAt, closesAt, ownDueAt: score.dueAt };
  const { released, releasesAt } = releaseOf(settings.release.score, about, origin.at);
  return {
    attemptId,
    assignmentId,
    classId,
    learnerId,
    attemptNumber,
    scoreVersion: version,
    status,
    points: countingPoints(score),
    computedPoints: score.computedPoints,
    pointsPossible: score.pointsPossible,
    overridden: score.override !== null,
    cause: origin.cause,
    actorId: origin.actorId,
    submittedAt: score.submittedAt.toISOString(),
    ...(score.dueAt !== null && { dueAt: score.dueAt.toISOString() }),
    scoredAt: origin.at.toISOString(),
    scoreReleased: released,
    ...(releasesAt !== null && { scoreReleasesAt: releasesAt.toISOString() }),
  };
}
