import { ApiProperty } from '@nestjs/swagger';
import {
  BooleanField,
  ChoiceField,
  ChoicesField,
  EmailField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  PageQuery,
  type Role,
  ROLES,
  TextField,
} from '@parlance/platform';
import { ArrayMaxSize, ArrayMinSize, IsArray, Matches } from 'class-validator';
import { MAX_PASSWORD, MIN_PASSWORD } from './institutions.dto.js';

const STATUSES = ['active', 'suspended'] as const;
const LOCALE = { optional: true, max: 35, about: 'BCP 47 language tag' };
const LOCALE_FORM = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
export const MAX_BULK_ROWS = 500;

export class CreatePerson {
  @TextField({ max: 200 }) displayName: string;
  @EmailField({ optional: true }) email?: string;
  @ChoicesField(ROLES, { min: 1 }) roles: Role[];
  @TextField(LOCALE) @Matches(LOCALE_FORM) locale?: string;
  @TextField({ optional: true, min: MIN_PASSWORD, max: MAX_PASSWORD }) password?: string;
  @BooleanField({ optional: true, about: 'answer an invitation code' }) invite?: boolean;
}

export class ChangePerson {
  @TextField({ optional: true, max: 200 }) displayName?: string;
  @EmailField({ optional: true }) email?: string;
  @ChoicesField(ROLES, { optional: true, min: 1 }) roles?: Role[];
  @ChoiceField(STATUSES, { optional: true }) status?: (typeof STATUSES)[number];
  @TextField(LOCALE) @Matches(LOCALE_FORM) locale?: string;
}

export class ChangePassword {
  @TextField({ max: MAX_PASSWORD }) currentPassword: string;
  @TextField({ min: MIN_PASSWORD, max: MAX_PASSWORD }) newPassword: string;
}

export class PeopleQuery extends PageQuery {
  @ChoiceField(ROLES, { optional: true }) role?: Role;
}

export class PersonDto {
  @IdField() id: string;
  @TextField({ max: 200 }) displayName: string;
  @ApiProperty({ type: String, nullable: true, description: 'null also when not yours to see' })
  email: string | null;
  @ChoicesField(ROLES) roles: Role[];
  @ChoiceField(STATUSES) status: (typeof STATUSES)[number];
  @ApiProperty({ type: String, nullable: true }) locale: string | null;
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @TextField({ optional: true, max: 100, about: 'when the person was made with invite' })
  invitationCode?: string;
}

export class PeoplePage {
  @ListField(() => PersonDto, { max: 200 }) items: PersonDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class InvitationIssued {
  @TextField({ max: 100 }) invitationCode: string;
  @InstantField() expiresAt: string;
}

export class BulkPersonRow {
  @TextField({ max: 200 }) displayName: string;
  @EmailField({ optional: true }) email?: string;
  @ChoicesField(ROLES, { min: 1 }) roles: Role[];
  @TextField(LOCALE) @Matches(LOCALE_FORM) locale?: string;
  @BooleanField({ optional: true }) invite?: boolean;
  @IdField({ optional: true, about: 'class to enrol in, by the role' }) classId?: string;
}

export class CreatePeople {
  /** Rows are checked one by one, so that a bad one is a result and not a refusal of all. */
  @ApiProperty({ type: [BulkPersonRow], minItems: 1, maxItems: MAX_BULK_ROWS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BULK_ROWS)
  people: unknown[];
}

export class RowError {
  @TextField({ max: 100 }) code: string;
  @TextField({ max: 2000 }) detail: string;
}

export class RowOutcome {
  @IntegerField({ min: 0, max: MAX_BULK_ROWS }) index: number;
  @ChoiceField(['created', 'refused']) status: 'created' | 'refused';
  @IdField({ optional: true }) id?: string;
  @TextField({ optional: true, max: 100 }) invitationCode?: string;
  @NestedField(() => RowError, { optional: true }) error?: RowError;
}

export class BulkOutcome {
  @IntegerField({ min: 0, max: MAX_BULK_ROWS }) created: number;
  @IntegerField({ min: 0, max: MAX_BULK_ROWS }) refused: number;
  @ListField(() => RowOutcome, { max: MAX_BULK_ROWS }) results: RowOutcome[];
}
