import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, IdField, IntegerField, ListField, TextField } from '@parlance/platform';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { MAX_BULK_ROWS } from './people.dto.js';

const CLASS_ROLES = ['learner', 'teacher'] as const;
const STATUSES = ['active', 'ended'] as const;

export class EnrolmentRow {
  @IdField() personId: string;
  @ChoiceField(CLASS_ROLES) role: (typeof CLASS_ROLES)[number];
}

export class CreateEnrolments {
  /** Rows are checked one by one, so that a bad one is a result and not a refusal of all. */
  @ApiProperty({ type: [EnrolmentRow], minItems: 1, maxItems: MAX_BULK_ROWS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BULK_ROWS)
  enrolments: unknown[];
}

export class EnrolmentDto {
  @IdField() id: string;
  @IdField() classId: string;
  @IdField() personId: string;
  @ChoiceField(CLASS_ROLES) role: (typeof CLASS_ROLES)[number];
  @ChoiceField(STATUSES) status: (typeof STATUSES)[number];
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
  @TextField({ optional: true, max: 200, about: 'in lists' }) displayName?: string;
}

export class EnrolmentsPage {
  @ListField(() => EnrolmentDto, { max: 200 }) items: EnrolmentDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
