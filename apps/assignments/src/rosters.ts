import { Injectable } from '@nestjs/common';
import { type Id, notFound, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, hasRole } from '@parlance/platform';
import { RosterStore } from './db/roster.store.js';

/** Who may do what for which class. */
@Injectable()
export class Rosters {
  constructor(private readonly store: RosterStore) {}

  /** A class that is none of the actor's does not exist for them; admins see all classes. */
  async requireTeacherOf(tx: Tx, actor: Actor, classId: Id, noun = 'class'): Promise<void> {
    await this.classTaughtBy(tx, actor, classId, noun);
  }

  /** As requireTeacherOf, and the class takes new work. */
  async requireActiveClassOf(tx: Tx, actor: Actor, classId: Id): Promise<void> {
    const { status } = await this.classTaughtBy(tx, actor, classId, 'class');
    if (status === 'active') return;
    throw new Refusal(
      'conflict',
      'class-archived',
      'This class is archived; it takes no new work.',
    );
  }

  /** Refuses ids that are no learner of the class now. */
  async requireLearnersOf(
    tx: Tx,
    institutionId: Id,
    classId: Id,
    learnerIds: readonly Id[],
  ): Promise<void> {
    if (learnerIds.length === 0) return;
    const known = await this.store.learnersOf(tx, institutionId, classId, learnerIds);
    const strangers = learnerIds.flatMap((id, index) =>
      known.has(id) ? [] : [{ pointer: `/learnerIds/${index}`, detail: 'is not in this class' }],
    );
    if (strangers.length === 0) return;
    const detail = 'Somebody named is no learner of this class.';
    throw new Refusal('unprocessable', 'not-in-class', detail, strangers.slice(0, 20));
  }

  /** A learner of a class the actor teaches; admins reach everybody. */
  async requireTeacherOfLearner(tx: Tx, actor: Actor, learnerId: Id): Promise<void> {
    if (hasRole(actor, 'admin')) return;
    const { institutionId, personId } = actor;
    const shares = await this.store.sharesClass(tx, institutionId, personId, learnerId);
    if (!shares || !hasRole(actor, 'teacher')) throw notFound('learner');
  }

  private async classTaughtBy(tx: Tx, actor: Actor, classId: Id, noun: string) {
    const { institutionId, personId } = actor;
    const found = await this.store.classForTeacher(tx, institutionId, classId, personId);
    const teaches = found?.teaches === true && hasRole(actor, 'teacher');
    if (found === undefined || !(teaches || hasRole(actor, 'admin'))) throw notFound(noun);
    return found;
  }
}
