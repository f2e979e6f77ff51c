import { IsIn, IsUUID } from 'class-validator';
import { defineEvent } from '../define.js';

export class EnrolmentChangedData {
  @IsUUID() enrolmentId: string;
  @IsUUID() classId: string;
  @IsUUID() personId: string;
  @IsIn(['learner', 'teacher']) role: 'learner' | 'teacher';
  @IsIn(['active', 'ended']) status: 'active' | 'ended';
}

export const EnrolmentChanged = defineEvent({
  type: 'identity.enrolment-changed.v1',
  owner: 'identity',
  consumers: ['assignments', 'grading', 'gradebook', 'lti'],
  data: EnrolmentChangedData,
  subject: 'enrolmentId',
  summary: 'A person joined or left a class, as learner or as teacher.',
});
