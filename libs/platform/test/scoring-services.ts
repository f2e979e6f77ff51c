import { Body, Controller, Inject, Module, Post } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AttemptScored,
  type AttemptScoredData,
  CellChanged,
  type EventEnvelope,
  EVENTS,
  type ServiceName,
} from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { type EventContext, Outbox, Unprocessable } from '@parlance/messaging';
import { Database, Public, TextField } from '../src/index.js';

class ScoreInput {
  @TextField({ max: 36 }) attemptId: string;
  @TextField({ max: 36 }) institutionId: string;
}

@Controller('scores')
class ScoresController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  @Public()
  @Post()
  async add(@Body() { attemptId, institutionId }: ScoreInput): Promise<{ eventId: Id }> {
    const data = scored(attemptId);
    const eventId = await this.database.inInstitution(institutionId, (tx) =>
      this.outbox.add(tx, AttemptScored, { version: 1, institutionId, data }),
    );
    return { eventId };
  }
}

export type Fault = 'throws once' | 'is refused';

/** What the handler does at the first sight of an attempt. */
export const faults = new Map<string, Fault>();

@Controller()
class OnScored {
  constructor(@Inject(Outbox) private readonly outbox: Outbox) {}

  @EventPattern<string>(AttemptScored.type)
  async handle(
    @Payload() { data }: EventEnvelope<AttemptScoredData>,
    @Ctx() { tx, institutionId }: EventContext,
  ): Promise<void> {
    const fault = faults.get(data.attemptId);
    faults.delete(data.attemptId);
    if (fault === 'throws once') throw new Error('once');
    if (fault === 'is refused') throw new Unprocessable('A rule that is going to be mended.');
    await tx.query('SELECT count(*) FROM inbox');
    await this.outbox.add(tx, CellChanged, { version: 1, institutionId, data: changed(data) });
  }
}

/** The handlers the registry demands of a service beside the ones under test. */
function deafTo(service: ServiceName, ...without: string[]) {
  return EVENTS.filter(({ consumers }) => consumers.includes(service))
    .filter(({ type }) => !without.includes(type))
    .map(({ type }) => {
      @Controller()
      class Deaf {
        @EventPattern<string>(type)
        handle(): void {}
      }
      return Deaf;
    });
}

/** Writes an event when it is asked to, over HTTP. */
@Module({ controllers: [ScoresController, ...deafTo('grading')] })
export class GradingModule {}

/** Answers that event with the next one. */
@Module({ controllers: [OnScored, ...deafTo('gradebook', AttemptScored.type)] })
export class GradebookModule {}

function scored(attemptId: string): AttemptScoredData {
  const at = new Date().toISOString();
  return {
    ...{ attemptId, assignmentId: newId(), classId: newId(), learnerId: newId() },
    ...{ attemptNumber: 1, scoreVersion: 1, status: 'final', points: 1, computedPoints: 1 },
    ...{ pointsPossible: 1, overridden: false, cause: 'scored', actorId: null },
    ...{ submittedAt: at, scoredAt: at, scoreReleased: true },
  };
}

function changed({ assignmentId, classId, learnerId, submittedAt }: AttemptScoredData) {
  return {
    ...{ cellId: newId(), assignmentId, classId, learnerId, cellVersion: 1 },
    ...{ status: 'graded' as const, points: 1, pointsPossible: 1, overridden: false },
    ...{ submittedAt, changedAt: submittedAt },
  };
}
