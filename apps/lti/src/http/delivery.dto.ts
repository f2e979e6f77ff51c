import {
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NumberField,
  TextField,
} from '@parlance/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export const DELIVERY_STATUSES = [
  'pending',
  'delivered',
  'failed',
  'orphaned',
  'superseded',
] as const;

export class DeliveryQueryDto {
  @IdField({ optional: true }) assignmentId?: string;
  @IdField({ optional: true }) learnerId?: string;
  @ChoiceField(DELIVERY_STATUSES, { optional: true }) status?: string;
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;
  @TextField({ max: 500, optional: true }) cursor?: string;
}

export class DeliveryDto {
  @IdField() id: string;
  @IdField() assignmentId: string;
  @IdField() learnerId: string;
  @IntegerField({ min: 1, max: 1e9 }) cellVersion: number;
  @NumberField() points: number;
  @NumberField() pointsPossible: number;
  @ChoiceField(DELIVERY_STATUSES) status: string;
  @TextField({ max: 100, optional: true, about: 'Why it waits or failed' }) reason: string | null;
  @IntegerField({ min: 100, max: 599, optional: true, about: 'What the LMS answered last' })
  httpStatus: number | null;
  @IntegerField({ min: 0, max: 1e9 }) attempts: number;
  @InstantField({ about: 'Timestamp of the score in the LMS' }) scoredAt: string;
  @InstantField({ optional: true }) lastTriedAt: string | null;
  @InstantField({ optional: true }) deliveredAt: string | null;
}

export class DeliveryPageDto {
  @ListField(() => DeliveryDto, { max: 200 }) items: DeliveryDto[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}
