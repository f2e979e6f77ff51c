import { Injectable } from '@nestjs/common';
import { type Id, notFound, storableText } from '@parlance/kernel';
import { type Actor, Database } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { ColumnStore } from './db/column.store.js';
import { ExcusalStore } from './db/excusal.store.js';
import { RosterStore } from './db/roster.store.js';
import { Gradebooks } from './gradebooks.js';

/** Learners who need not do an assignment: it leaves their totals, whatever it earned. */
@Injectable()
export class Excusals {
  constructor(
    private readonly database: Database,
    private readonly gradebooks: Gradebooks,
    private readonly columns: ColumnStore,
    private readonly roster: RosterStore,
    private readonly store: ExcusalStore,
  ) {}

  async say(
    actor: Actor,
    which: { classId: Id; assignmentId: Id; learnerId: Id },
    said: { isExcused: boolean; reason: string | null },
  ): Promise<void> {
    const { classId, assignmentId, learnerId } = which;
    await this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.gradebooks.requireTeacher(tx, actor, classId);
      const columns = await this.columns.ofClass(tx, classId);
      if (!columns.some((column) => column.assignmentId === assignmentId)) {
        throw notFound('assignment');
      }
      if ((await this.roster.learner(tx, classId, learnerId)) === null) throw notFound('learner');
      const reason = said.reason === null ? null : storableText(said.reason);
      const origin = { actorId: actor.personId, traceId: currentTraceId() ?? null, at: new Date() };
      await this.store.say(tx, { ...which, ...said, reason }, origin);
    });
  }
}
