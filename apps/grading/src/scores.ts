import { Injectable } from '@nestjs/common';
import { decodeCursor, type Id, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import { storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { mayGrade } from './access.js';
import {
  AttemptScoreStore,
  type Origin,
  type ScoreDetail,
  type ScoreVersion,
} from './db/attempt-score.store.js';
import { AssignmentStore } from './db/assignment.store.js';
import { MarkStore } from './db/mark.store.js';
import { type AttemptScore, countingPoints, overridden } from './domain/attempt-score.js';
import { type RubricFeedback, rubricFeedback } from './domain/marking-rubric.js';
import { UNKNOWN_ASSIGNMENT } from './domain/marking-settings.js';
import { type ReleasedPart, visibleParts } from './domain/release.js';
import type { ScoredItem } from './domain/score-attempt.js';
import {
  type ItemView,
  itemViews,
  type Mark,
  type PartView,
  partViews,
  withoutAuthorsWords,
} from './domain/score-view.js';
import { settledMarks } from './domain/settled-marks.js';
import { MarkingRubrics } from './marking-rubrics.js';
import { ScoreVersions } from './score-versions.js';
import { ScoringSpecs } from './scoring-specs.js';

export interface ScoreView {
  attemptId: Id;
  assignmentId: Id;
  learnerId: Id;
  version: number;
  status: AttemptScore['status'];
  /** Null while the learner who asks may not see it. */
  points: number | null;
  computedPoints: number | null;
  pointsPossible: number;
  /** What the learner may see now. */
  released: Record<ReleasedPart, boolean>;
  override: { points: number; reason?: string; actorId?: Id; at: string } | null;
  items: ItemView[];
  parts: PartView[];
  /** What is said in recordings, with the answers; left out where no item has one. */
  transcripts?: { slot: number; text: string }[];
  /** Left out while comments are not released. */
  comments?: CommentView[];
}

export interface CommentView extends Pick<Mark, 'slot' | 'responseId' | 'comment' | 'annotations'> {
  /** The levels that were chosen; null: it was marked without a rubric. */
  rubric: RubricFeedback | null;
}

/** Scores as people read and overrule them. */
@Injectable()
export class Scores {
  constructor(
    private readonly database: Database,
    private readonly store: AttemptScoreStore,
    private readonly marks: MarkStore,
    private readonly assignments: AssignmentStore,
    private readonly versions: ScoreVersions,
    private readonly specs: ScoringSpecs,
    private readonly rubrics: MarkingRubrics,
  ) {}

  /** Learners read their own, without key or rule; teachers of the class and admins read all. */
  read(actor: Actor, attemptId: Id): Promise<ScoreView> {
    return this.database.inInstitution(actor.institutionId, (tx) =>
      this.view(tx, actor, attemptId),
    );
  }

  /** A teacher's word above the computed score; marking goes on beneath it. */
  override(actor: Actor, attemptId: Id, seen: number, points: number, reason: string) {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const score = await this.lock(tx, actor, attemptId, seen);
      const next = overridden(score, points);
      await this.save(tx, actor, next, { points, reason: storableText(reason) });
      return this.view(tx, actor, attemptId);
    });
  }

  /** The computed score counts again. */
  removeOverride(actor: Actor, attemptId: Id, seen: number): Promise<ScoreView> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const score = await this.lock(tx, actor, attemptId, seen);
      if (score.override === null) throw notFound('override');
      await this.save(tx, actor, overridden(score, null), { points: null, reason: null });
      return this.view(tx, actor, attemptId);
    });
  }

  history(
    actor: Actor,
    attemptId: Id,
    page: { limit: number; cursor?: string },
  ): Promise<Page<ScoreVersion>> {
    const after = page.cursor === undefined ? 0 : versionIn(page.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const found = await this.store.find(tx, attemptId, actor.personId);
      if (found === null || !mayGrade(actor, found.isTaught)) throw notFound('score');
      // Who marked what when would tell whose task it was.
      await this.requireNamed(tx, actor, found.score);
      const rows = await this.store.versions(tx, found.score, after, page.limit + 1);
      return pageOf(rows, page.limit, (row) => [row.version]);
    });
  }

  /** The class an attempt belongs to. */
  async classOf(tx: Tx, attemptId: Id): Promise<Id> {
    const found = await this.store.find(tx, attemptId, attemptId);
    if (found === null) throw notFound('score');
    return found.score.classId;
  }

  private async lock(tx: Tx, actor: Actor, attemptId: Id, seen: number): Promise<AttemptScore> {
    const found = await this.store.lock(tx, attemptId, actor.personId);
    if (found === null || !mayGrade(actor, found.isTaught)) throw notFound('score');
    await this.requireNamed(tx, actor, found.score);
    requireVersion(seen, found.score.version);
    return found.score;
  }

  private async requireNamed(tx: Tx, actor: Actor, score: AttemptScore): Promise<void> {
    const facts = await this.assignments.facts(tx, [score.assignmentId]);
    const { settings } = facts.get(score.assignmentId) ?? UNKNOWN_ASSIGNMENT;
    requireNotAnonymous(actor, score, settings.anonymous);
  }

  private async save(
    tx: Tx,
    actor: Actor,
    next: AttemptScore,
    override: { points: number | null; reason: string | null },
  ): Promise<void> {
    const origin: Origin = {
      cause: override.points === null ? 'override-removed' : 'overridden',
      actorId: actor.personId,
      traceId: currentTraceId() ?? null,
      at: new Date(),
    };
    const { attemptId, version } = next;
    await this.store.addOverride(tx, attemptId, { version, ...override }, origin);
    await this.versions.next(tx, actor.institutionId, next, origin);
  }

  private async view(tx: Tx, actor: Actor, attemptId: Id): Promise<ScoreView> {
    const detail = await this.store.detail(tx, attemptId, actor.personId);
    if (detail === null) throw notFound('score');
    const isTeacher = mayGrade(actor, detail.isTaught);
    if (!isTeacher && detail.score.learnerId !== actor.personId) throw notFound('score');
    const { score } = detail;
    const facts = await this.assignments.facts(tx, [score.assignmentId]);
    const { settings, dueAt, closesAt } = facts.get(score.assignmentId) ?? UNKNOWN_ASSIGNMENT;
    if (isTeacher) requireNotAnonymous(actor, score, settings.anonymous);
    const about = { status: score.status, dueAt, closesAt, ownDueAt: score.dueAt };
    const released = visibleParts(settings.release, about, new Date());
    const seen = isTeacher ? { score: true, answers: true, feedback: true } : released;
    const { marks } = settledMarks(await this.marks.ofAttempt(tx, attemptId));
    const shown = seen.feedback ? marks : marks.map(withoutFeedback);
    const items = seen.feedback ? detail.items : detail.items.map(withoutAuthorsWords);
    const transcripts = seen.answers && seen.score ? await this.transcripts(tx, actor, items) : [];
    return {
      attemptId,
      assignmentId: score.assignmentId,
      learnerId: score.learnerId,
      version: score.version,
      status: score.status,
      points: seen.score ? countingPoints(score) : null,
      computedPoints: seen.score ? score.computedPoints : null,
      pointsPossible: score.pointsPossible,
      released,
      override: seen.score ? overrideView(detail, isTeacher) : null,
      // Points of all items add up to the score, so they come when both are released.
      items: seen.answers && seen.score ? itemViews(items, shown) : [],
      parts:
        seen.answers && seen.score
          ? partViews(items, shown, isTeacher ? 'teacher' : 'learner')
          : [],
      ...(transcripts.length > 0 && { transcripts }),
      ...(seen.feedback && { comments: await this.comments(tx, actor, marks, seen.score) }),
    };
  }

  /** Of the versions the items were scored with; they lie beside the keys. */
  private async transcripts(tx: Tx, { institutionId }: Actor, items: readonly ScoredItem[]) {
    const versionOf = (item: ScoredItem) => item.scoredWith ?? item.itemVersionId;
    const specs = await this.specs.of(tx, institutionId, items.map(versionOf));
    return items.flatMap((item) => {
      const text = specs.get(versionOf(item))?.spec.transcript;
      return text === undefined ? [] : [{ slot: item.slot, text }];
    });
  }

  /** What markers said, also where the answers themselves are not released. */
  private async comments(
    tx: Tx,
    { institutionId }: Actor,
    marks: readonly Mark[],
    withPoints: boolean,
  ): Promise<CommentView[]> {
    const views: CommentView[] = [];
    for (const { slot, responseId, comment, annotations, rubric = null, points } of marks) {
      if (comment === null && annotations.length === 0 && rubric === null) continue;
      const named = rubric && (await this.rubrics.named(tx, institutionId, rubric));
      const feedback =
        named && rubric
          ? rubricFeedback(named.body, rubric.choices, withPoints ? points : null)
          : null;
      views.push({ slot, responseId, comment, annotations, rubric: feedback });
    }
    return views;
  }
}

/** Whoever marks without names must not get at them through the score. */
function requireNotAnonymous(actor: Actor, { status }: AttemptScore, isAnonymous: boolean): void {
  if (!isAnonymous || status === 'final' || hasRole(actor, 'admin')) return;
  const detail = 'This assignment is marked without names; its scores open when they are final.';
  throw new Refusal('forbidden', 'anonymous-until-final', detail);
}

function withoutFeedback(mark: Mark): Mark {
  return { ...mark, comment: null, annotations: [] };
}

/** Reasons are written for colleagues, so learners see only that and what. */
function overrideView({ override }: ScoreDetail, isTeacher: boolean): ScoreView['override'] {
  if (override === null) return null;
  const { points, reason, actorId, at } = override;
  const shown = { points, at: at.toISOString() };
  return isTeacher ? { ...shown, reason, actorId } : shown;
}

function versionIn(cursor: string): number {
  const [version] = decodeCursor(cursor, 1);
  if (Number.isInteger(version)) return version as number;
  throw new Refusal('invalid', 'invalid-cursor', 'The cursor is not one this list gave out.');
}
