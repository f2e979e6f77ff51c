import { ApiProperty } from '@nestjs/swagger';
import { ListField, NestedField, NumberField, ObjectField, TextField } from '@parlance/platform';

export class RubricLevelDto {
  @TextField({ max: 50 }) id: string;
  @TextField({ max: 200 }) title: string;
  @TextField({ min: 0, max: 2000 }) description: string;
  @NumberField({ min: -1000, max: 1000 }) points: number;
}

export class RubricCriterionDto {
  @TextField({ max: 50 }) id: string;
  @TextField({ max: 200 }) title: string;
  @ListField(() => RubricLevelDto, { min: 1, max: 20 }) levels: RubricLevelDto[];
}

export class RubricDto {
  @TextField({ max: 200 }) title: string;
  @ListField(() => RubricCriterionDto, { min: 1, max: 50 }) criteria: RubricCriterionDto[];
  @NumberField({ min: 0, max: 100_000 }) minPoints: number;
  @NumberField({ min: 0, max: 100_000 }) maxPoints: number;
}

export class RubricEditDto {
  @NestedField(() => RubricDto) body: RubricDto;
  @ObjectField({
    optional: true,
    about: 'by criterion, the new level id of each old one that is not called the same',
  })
  mapping?: Record<string, Record<string, string>>;
}

export class RubricVersionDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) rubricId: string;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ type: RubricDto }) body: RubricDto;
  @ApiProperty({ type: Object, additionalProperties: true }) mapping: object;
  @ApiProperty({ format: 'uuid' }) createdBy: string;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: Date;
}

export class RubricVersionsDto {
  @ApiProperty({ type: [RubricVersionDto] }) items: RubricVersionDto[];
}

export class RubricPageDto {
  @ApiProperty({ type: [RubricVersionDto] }) items: RubricVersionDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
