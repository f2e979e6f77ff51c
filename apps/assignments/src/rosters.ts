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

  private async classTaughtBy(tx: Tx, actor: Actor, classId: Id, noun: string) {
    const { institutionId, personId } = actor;
    const found = await this.store.classForTeacher(tx, institutionId, classId, personId);
    const teaches = found?.teaches === true && hasRole(actor, 'teacher');
    if (found === undefined || !(teaches || hasRole(actor, 'admin'))) throw notFound(noun);
    return found;
  }
}
