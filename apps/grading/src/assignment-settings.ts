import { Injectable } from '@nestjs/common';
import { migrateChoices, rubricPoints } from '@parlance/assessment';
import type { AssignmentPublishedData } from '@parlance/events';
import { type Id, notFound, Refusal } from '@parlance/kernel';
import type { EventContext, Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { mayGrade } from './access.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptScoreStore, type Origin } from './db/attempt-score.store.js';
import { EnrolmentStore } from './db/enrolment.store.js';
import { MarkStore } from './db/mark.store.js';
import { MarkingSettingsStore } from './db/marking-settings.store.js';
import { RubricStore } from './db/rubric.store.js';
import {
  type MarkingSettings,
  rubricOf,
  thresholdOf,
  UNKNOWN_ASSIGNMENT,
} from './domain/marking-settings.js';
import {
  RELEASED_PARTS,
  type ReleasedPart,
  type ReleasePolicy,
  type ReleaseRule,
  type ReleaseRules,
} from './domain/release.js';
import { Marks } from './marks.js';
import { ScoreVersions } from './score-versions.js';

export type SettingsInput = Pick<MarkingSettings, 'anonymous' | 'doubleThreshold' | 'slots'> & {
  release: Record<ReleasedPart, ReleasePolicy>;
};

export type ReleaseInput = Partial<Record<ReleasedPart, 'released' | 'withheld' | 'by-policy'>>;

export interface SettingsView extends MarkingSettings {
  assignmentId: Id;
}

/** How each assignment is marked, and what learners see of it when. */
@Injectable()
export class AssignmentSettings {
  constructor(
    private readonly database: Database,
    private readonly assignments: AssignmentStore,
    private readonly store: MarkingSettingsStore,
    private readonly enrolments: EnrolmentStore,
    private readonly rubrics: RubricStore,
    private readonly marks: MarkStore,
    private readonly marking: Marks,
    private readonly scores: AttemptScoreStore,
    private readonly versions: ScoreVersions,
  ) {}

  /** Takes in an assignment. New dates may release or hide what has been scored. */
  async learn(data: AssignmentPublishedData, version: number, context: EventContext) {
    const { tx, institutionId } = context;
    const { assignmentId, classId, title, pointsPossible } = data;
    const dates = { dueAt: dateOf(data.dueAt), closesAt: dateOf(data.closesAt) };
    const assignment = { assignmentId, classId, title, pointsPossible, ...dates };
    const isMoved = await this.assignments.put(tx, assignment, version);
    const { policy, decision } = (await this.present(tx, assignmentId)).release.score;
    const isByDate = policy === 'after-due' || policy === 'after-close';
    if (!isMoved || !isByDate || decision !== null) return;
    const origin = { actorId: null, traceId: context.traceId, at: new Date() };
    await this.retell(tx, institutionId, assignmentId, { cause: 'released', ...origin });
  }

  read(actor: Actor, assignmentId: Id): Promise<SettingsView> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.requireTeaches(tx, actor, assignmentId);
      return { assignmentId, ...(await this.present(tx, assignmentId)) };
    });
  }

  /** A decision a teacher took about a release outlives a new policy of the same name. */
  change(actor: Actor, assignmentId: Id, seen: number, input: SettingsInput) {
    return this.save(actor, assignmentId, seen, (before) => ({
      ...before,
      ...input,
      release: rules((part) => {
        const { policy, decision } = before.release[part];
        const isSame = policy === input.release[part];
        return { policy: input.release[part], decision: isSame ? decision : null };
      }),
    }));
  }

  /** Releases or withholds by hand, or lets the policy decide again. */
  release(actor: Actor, assignmentId: Id, seen: number, input: ReleaseInput) {
    return this.save(actor, assignmentId, seen, (before) => ({
      ...before,
      release: rules((part) => {
        const said = input[part];
        const rule = before.release[part];
        return said === undefined
          ? rule
          : { ...rule, decision: said === 'by-policy' ? null : said };
      }),
    }));
  }

  private save(
    actor: Actor,
    assignmentId: Id,
    seen: number,
    decide: (before: MarkingSettings) => MarkingSettings,
  ): Promise<SettingsView> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.requireTeaches(tx, actor, assignmentId);
      await this.store.lock(tx, assignmentId);
      const before = await this.present(tx, assignmentId);
      requireVersion(seen, before.version);
      const after = decide(before);
      await this.requireStaysAnonymous(tx, actor, assignmentId, before, after);
      const next = { ...after, version: before.version + 1 };
      await this.requireRubrics(tx, next);
      const origin = originOf(actor);
      await this.store.put(tx, assignmentId, next, actor.personId, origin.at);
      await this.followThresholds(tx, assignmentId, before, next);
      await this.followRubrics(tx, actor.institutionId, assignmentId, before, next, origin);
      if (JSON.stringify(before.release.score) !== JSON.stringify(next.release.score)) {
        const cause = next.release.score.decision === 'withheld' ? 'withheld' : 'released';
        await this.retell(tx, actor.institutionId, assignmentId, { ...origin, cause });
      }
      return { assignmentId, ...next };
    });
  }

  private async followThresholds(
    tx: Tx,
    assignmentId: Id,
    before: MarkingSettings,
    next: MarkingSettings,
  ): Promise<void> {
    const slots = await this.store.slotsToMark(tx, assignmentId);
    const changed = slots
      .filter((slot) => thresholdOf(before, slot) !== thresholdOf(next, slot))
      .map((slot) => ({ slot, threshold: thresholdOf(next, slot) }));
    await this.store.setThreshold(tx, assignmentId, changed);
  }

  /**
   * Marks made with an older version of a rubric are carried over where every level has its
   * counterpart; the others stay as they are and are listed to be made again, as are those made
   * with the item's own rubric when one is attached.
   */
  private async followRubrics(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    before: MarkingSettings,
    next: MarkingSettings,
    origin: Origin,
  ): Promise<void> {
    const slots = new Set([...before.slots, ...next.slots].map(({ slot }) => slot));
    for (const slot of slots) {
      const [from, to] = [rubricOf(before, slot), rubricOf(next, slot)];
      if (from === to) continue;
      const [old, later] = [
        from && (await this.rubrics.version(tx, from)),
        to && (await this.rubrics.version(tx, to)),
      ];
      const isLater = old && later && later.rubricId === old.rubricId;
      const remark: Id[] = [];
      for (const task of await this.marks.withRubric(tx, assignmentId, slot, from)) {
        const direct = isLater && later.version === old.version + 1;
        const mapping = direct ? later.mapping : {};
        const choices =
          isLater && task.rubric ? migrateChoices(task.rubric.choices, later.body, mapping) : null;
        const points = choices === null || !later ? null : rubricPoints(later.body, choices);
        if (choices === null || points === null || points > task.pointsPossible || !later) {
          remark.push(task.id);
          continue;
        }
        const locked = await this.scores.lock(tx, task.attemptId, origin.actorId as Id);
        if (locked === null) throw new Error(`Review task ${task.id} has no score.`);
        const { comment, annotations } = task;
        const { id: versionId, rubricId, version } = later;
        const rubric = { versionId, rubricId, version, choices };
        const mark = { points, comment, annotations, rubric };
        // In the name of whoever marked: it is still their judgement.
        const by = { ...origin, actorId: task.markedBy };
        await this.marking.write(tx, institutionId, locked.score, task, mark, by);
      }
      await this.marks.needRemark(tx, remark);
    }
  }

  private async retell(tx: Tx, institutionId: Id, assignmentId: Id, origin: Origin) {
    const scores = await this.scores.bump(tx, assignmentId, origin);
    if (scores.length > 0) await this.versions.tellAll(tx, institutionId, scores, origin);
  }

  private async present(tx: Tx, assignmentId: Id): Promise<MarkingSettings> {
    const facts = await this.assignments.facts(tx, [assignmentId]);
    return (facts.get(assignmentId) ?? UNKNOWN_ASSIGNMENT).settings;
  }

  private async requireTeaches(tx: Tx, actor: Actor, assignmentId: Id): Promise<void> {
    const assignment = await this.assignments.known(tx, assignmentId);
    if (assignment === null) throw notFound('assignment');
    const isTaught = await this.enrolments.teaches(tx, actor.personId, assignment.classId);
    if (!mayGrade(actor, isTaught)) throw notFound('assignment');
  }

  /** Whoever marks without names must not get at them by asking for names meanwhile. */
  private async requireStaysAnonymous(
    tx: Tx,
    actor: Actor,
    assignmentId: Id,
    before: MarkingSettings,
    after: MarkingSettings,
  ): Promise<void> {
    if (!before.anonymous || after.anonymous || hasRole(actor, 'admin')) return;
    if (!(await this.store.isBeingMarked(tx, assignmentId))) return;
    const detail = 'Something is being marked without names; an admin can show them.';
    throw new Refusal('forbidden', 'anonymous-until-final', detail);
  }

  private async requireRubrics(tx: Tx, settings: MarkingSettings): Promise<void> {
    for (const [index, { rubricVersionId }] of settings.slots.entries()) {
      if (rubricVersionId === undefined) continue;
      if ((await this.rubrics.version(tx, rubricVersionId)) !== null) continue;
      throw new Refusal('unprocessable', 'unknown-rubric-version', 'There is no such rubric.', [
        { pointer: `/slots/${index}/rubricVersionId`, detail: 'is no rubric version' },
      ]);
    }
  }
}

function rules(of: (part: ReleasedPart) => ReleaseRule): ReleaseRules {
  return Object.fromEntries(RELEASED_PARTS.map((part) => [part, of(part)])) as ReleaseRules;
}

function originOf(actor: Actor): Origin {
  return {
    cause: 'reviewed',
    actorId: actor.personId,
    traceId: currentTraceId() ?? null,
    at: new Date(),
  };
}

function dateOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
