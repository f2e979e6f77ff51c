import {
  AssignmentPublished,
  type AssignmentPublishedData,
  AttemptScored,
  type AttemptScoredData,
  CellChanged,
  ClassChanged,
  EnrolmentChanged,
  PersonChanged,
} from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { Role } from '@parlance/platform';
import type { TestService } from '@parlance/platform/testing';

/** A class as its events tell of it, in an institution of its own. */
export class Classroom {
  readonly institutionId: Id;
  readonly classId = newId();
  readonly teacherId = newId();

  private constructor(readonly service: TestService) {
    this.institutionId = service.institution();
  }

  static async open(service: TestService): Promise<Classroom> {
    const room = new Classroom(service);
    await room.name('Class 7b');
    await room.enrol(room.teacherId, 'teacher');
    return room;
  }

  async name(name: string, version = 1): Promise<void> {
    const { institutionId, classId } = this;
    const data = { classId, name, status: 'active' as const };
    await this.service.deliver(ClassChanged, { institutionId, version, data });
  }

  async enrol(
    personId: Id,
    role: 'learner' | 'teacher',
    change: { enrolmentId?: Id; status?: 'active' | 'ended'; version?: number } = {},
  ): Promise<void> {
    const { institutionId, classId } = this;
    const { enrolmentId = newId(), status = 'active', version = 1 } = change;
    const data = { enrolmentId, classId, personId, role, status };
    await this.service.deliver(EnrolmentChanged, { institutionId, version, data });
  }

  async person(personId: Id, displayName: string, version = 1): Promise<void> {
    const { institutionId } = this;
    const data = { personId, displayName, status: 'active' as const };
    await this.service.deliver(PersonChanged, { institutionId, version, data });
  }

  /** A learner with a name; returns the id. */
  async learner(displayName: string): Promise<Id> {
    const learnerId = newId();
    await this.person(learnerId, displayName);
    await this.enrol(learnerId, 'learner');
    return learnerId;
  }

  async assign(rest: Partial<AssignmentPublishedData> = {}, version = 1): Promise<Id> {
    const { institutionId, classId } = this;
    const data: AssignmentPublishedData = {
      assignmentId: newId(),
      classId,
      title: 'Unit 1',
      category: 'Homework',
      pointsPossible: 10,
      status: 'published',
      opensAt: '2026-03-01T08:00:00.000Z',
      timeZone: 'Europe/Helsinki',
      ...rest,
    };
    await this.service.deliver(AssignmentPublished, { institutionId, version, data });
    return data.assignmentId;
  }

  score(rest: Partial<AttemptScoredData>): AttemptScoredData {
    const points = rest.points ?? 8;
    return {
      attemptId: newId(),
      assignmentId: newId(),
      classId: this.classId,
      learnerId: newId(),
      attemptNumber: 1,
      scoreVersion: 1,
      status: 'final',
      points,
      computedPoints: points,
      pointsPossible: 10,
      overridden: false,
      cause: 'scored',
      actorId: null,
      submittedAt: '2026-03-02T09:00:00.000Z',
      scoredAt: '2026-03-02T09:00:01.000Z',
      scoreReleased: true,
      ...rest,
    };
  }

  /** Delivers a score version; returns the attempt. */
  async scored(rest: Partial<AttemptScoredData>, eventId = newId()): Promise<Id> {
    const data = this.score(rest);
    const { institutionId } = this;
    const version = data.scoreVersion;
    await this.service.deliver(AttemptScored, { institutionId, version, data, eventId });
    return data.attemptId;
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

  async read(query = '', token?: string) {
    const path = `/gradebooks/${this.classId}${query}`;
    return this.service.request('GET', path, { token: token ?? (await this.teacher()) });
  }

  /** What was told of cells in this class, oldest first. */
  async told() {
    const events = await this.service.emitted(CellChanged);
    return events.map((event) => event.data).filter((data) => data.classId === this.classId);
  }
}
