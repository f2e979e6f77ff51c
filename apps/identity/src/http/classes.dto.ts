import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, IdField, IntegerField, ListField, TextField } from '@parlance/platform';

const STATUSES = ['active', 'archived'] as const;

export class CreateClass {
  @TextField({ max: 200 }) name: string;
}

export class ChangeClass {
  @TextField({ optional: true, max: 200 }) name?: string;
  @ChoiceField(STATUSES, { optional: true }) status?: (typeof STATUSES)[number];
}

export class ClassDto {
  @IdField() id: string;
  @TextField({ max: 200 }) name: string;
  @ChoiceField(STATUSES) status: (typeof STATUSES)[number];
  @IntegerField({ min: 1, max: 2_147_483_647 }) version: number;
}

export class ClassesPage {
  @ListField(() => ClassDto, { max: 200 }) items: ClassDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
