import { IsIn, IsString, IsUUID, MaxLength } from 'class-validator';
import { defineEvent } from '../define.js';

export class ClassChangedData {
  @IsUUID() classId: string;
  @IsString() @MaxLength(200) name: string;
  @IsIn(['active', 'archived']) status: 'active' | 'archived';
}

export const ClassChanged = defineEvent({
  type: 'identity.class-changed.v1',
  owner: 'identity',
  consumers: ['assignments', 'gradebook'],
  data: ClassChangedData,
  subject: 'classId',
  summary: 'A class was created, renamed or archived.',
});
