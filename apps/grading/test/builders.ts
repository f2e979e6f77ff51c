import {
  AttemptScored,
  AttemptsRescored,
  AttemptSubmitted,
  type AttemptSubmittedData,
  EnrolmentChanged,
  ScoringSpecPublished,
} from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { Role } from '@parlance/platform';
import type { TestService } from '@parlance/platform/testing';

export type Answers = Record<string, string | string[] | null>;

/** A class with a teacher and an assignment, in an institution of its own. */
export class Classroom {
  readonly institutionId: Id;
  readonly classId = newId();
  readonly assignmentId = newId();
  readonly teacherId = newId();
  readonly learnerId = newId();

  private constructor(readonly service: TestService) {
    this.institutionId = service.institution();
  }

  static async open(service: TestService): Promise<Classroom> {
    const room = new Classroom(service);
    await room.enrolTeacher(room.teacherId);
    return room;
  }

  async enrolTeacher(personId: Id): Promise<void> {
    const { institutionId, classId } = this;
    const data = {
      enrolmentId: newId(),
      classId,
      personId,
      role: 'teacher' as const,
      status: 'active' as const,
    };
    await this.service.deliver(EnrolmentChanged, { institutionId, version: 1, data });
  }

  as(personId: Id, ...roles: Role[]): Promise<string> {
    return this.service.token({ personId, institutionId: this.institutionId, roles });
  }

  teacher(): Promise<string> {
    return this.as(this.teacherId, 'teacher');
  }

  admin(): Promise<string> {
    return this.as(newId(), 'admin');
  }

  learner(): Promise<string> {
    return this.as(this.learnerId, 'learner');
  }

  async publish(spec: object, pointsPossible: number): Promise<Id> {
    const itemVersionId = newId();
    await this.publishAs(itemVersionId, spec, pointsPossible);
    return itemVersionId;
  }

  async publishAs(itemVersionId: Id, spec: object, pointsPossible: number): Promise<void> {
    const data = { itemVersionId, hash: 'a'.repeat(64), spec: { ...spec }, pointsPossible };
    const { institutionId } = this;
    await this.service.deliver(ScoringSpecPublished, { institutionId, version: 1, data });
  }

  submission(items: [Id, Answers][], rest: Partial<AttemptSubmittedData> = {}) {
    return {
      attemptId: newId(),
      assignmentId: this.assignmentId,
      classId: this.classId,
      learnerId: this.learnerId,
      attemptNumber: 1,
      submittedAt: '2026-03-02T09:00:00.000Z',
      items: items.map(([itemVersionId, responses], index) => ({
        slot: index + 1,
        itemVersionId,
        responses,
      })),
      ...rest,
    };
  }

  /** Submits and waits until it is scored; returns the attempt. */
  async submit(items: [Id, Answers][], rest: Partial<AttemptSubmittedData> = {}): Promise<Id> {
    const data = this.submission(items, rest);
    const { institutionId } = this;
    await this.service.deliver(AttemptSubmitted, { institutionId, version: 1, data });
    return data.attemptId;
  }

  /** What was told of one attempt's score, by itself or among others, oldest first. */
  async told(attemptId: Id) {
    const scored = await this.service.emitted(AttemptScored);
    const rescored = await this.service.emitted(AttemptsRescored);
    return [...scored.map(({ data }) => data), ...rescored.flatMap(({ data }) => data.scores)]
      .filter((score) => score.attemptId === attemptId)
      .toSorted((a, b) => a.scoreVersion - b.scoreVersion);
  }
}
