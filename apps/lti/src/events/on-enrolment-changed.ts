import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { EnrolmentChanged, type EnrolmentChangedData, type EventEnvelope } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { ClassTeacherStore } from '../db/class-teacher.store.js';

@Controller()
export class OnEnrolmentChanged {
  constructor(private readonly teachers: ClassTeacherStore) {}

  @EventPattern<string>(EnrolmentChanged.type)
  async handle(
    @Payload() event: EventEnvelope<EnrolmentChangedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { enrolmentId, classId, personId, role, status } = event.data;
    const isTeaching = role === 'teacher' && status === 'active';
    const teacher = { enrolmentId, classId, personId, isTeaching };
    // Learners are kept too: one of them may have been a teacher in an event that comes later.
    await this.teachers.put(context.tx, teacher, event.sequence);
  }
}
