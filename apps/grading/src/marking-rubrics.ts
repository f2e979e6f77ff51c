import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { AssignmentStore } from './db/assignment.store.js';
import type { ReviewTask } from './db/review-task.store.js';
import { RubricStore } from './db/rubric.store.js';
import { type MarkingRubric, ownRubric, type RubricName } from './domain/marking-rubric.js';
import { rubricOf, UNKNOWN_ASSIGNMENT } from './domain/marking-settings.js';
import { ScoringSpecs } from './scoring-specs.js';

/** Which rubric a mark is made with: the one place that decides it. */
@Injectable()
export class MarkingRubrics {
  constructor(
    private readonly assignments: AssignmentStore,
    private readonly rubrics: RubricStore,
    private readonly specs: ScoringSpecs,
  ) {}

  /**
   * The one that the settings attach to the slot, else the item version's own; null: the marker
   * gives points. A finished mark is mended by what it was made with, whatever has changed since,
   * until it is to be made again.
   */
  async ofTask(
    tx: Tx,
    institutionId: Id,
    task: ReviewTask,
    /** The item version the answer is scored with now; null: there is none. */
    scoredWith: Id | null,
  ): Promise<MarkingRubric | null> {
    if (task.status === 'done' && !task.needsRemark) {
      return task.rubric && this.named(tx, institutionId, task.rubric);
    }
    const facts = await this.assignments.facts(tx, [task.assignmentId]);
    const { settings } = facts.get(task.assignmentId) ?? UNKNOWN_ASSIGNMENT;
    const versionId = rubricOf(settings, task.slot);
    if (versionId !== null) return this.named(tx, institutionId, { versionId });
    // What is marked again is worth what it was worth when it was marked first.
    const marked = task.rubric && 'itemVersionId' in task.rubric ? task.rubric : null;
    const itemVersionId = marked?.itemVersionId ?? scoredWith;
    return itemVersionId === null
      ? null
      : this.own(tx, institutionId, itemVersionId, task.responseId);
  }

  /** The rubric a mark names. */
  async named(tx: Tx, institutionId: Id, name: RubricName): Promise<MarkingRubric> {
    if ('versionId' in name) {
      const found = await this.rubrics.version(tx, name.versionId);
      if (found === null) throw new Error(`Rubric version ${name.versionId} is not there.`);
      const { id: versionId, rubricId, version, body } = found;
      return { versionId, rubricId, version, body };
    }
    const own = await this.own(tx, institutionId, name.itemVersionId, name.responseId);
    if (own === null) throw new Error(`Item version ${name.itemVersionId} has no rubric.`);
    return own;
  }

  private async own(tx: Tx, institutionId: Id, itemVersionId: Id, responseId: string | null) {
    const found = await this.specs.of(tx, institutionId, [itemVersionId]);
    const stored = found.get(itemVersionId);
    return stored === undefined ? null : ownRubric(itemVersionId, stored.spec, responseId);
  }
}
