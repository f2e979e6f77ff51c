import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { defineEvent } from '../define.js';

export class PersonChangedData {
  @IsUUID() personId: string;
  /** Personal data: shown to the person's teachers, never logged. */
  @IsString() @MaxLength(200) displayName: string;
  @IsIn(['active', 'suspended']) status: 'active' | 'suspended';
  @IsOptional() @IsString() @MaxLength(35) locale?: string;
}

export const PersonChanged = defineEvent({
  type: 'identity.person-changed.v1',
  owner: 'identity',
  consumers: ['assignments', 'gradebook'],
  data: PersonChangedData,
  subject: 'personId',
  pii: ['displayName', 'locale'],
  summary: 'A person was created, renamed, suspended or reinstated.',
});
