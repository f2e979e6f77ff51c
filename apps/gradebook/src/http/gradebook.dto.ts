import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  IdField,
  IntegerField,
  ListField,
  NestedField,
  NumberField,
  TextField,
} from '@parlance/platform';

const CELL_STATUSES = [
  'graded',
  'pending-review',
  'ungraded',
  'missing',
  'excused',
  'not-assigned',
];
const NULLABLE_NUMBER = { type: Number, nullable: true };

export class ColumnDto {
  @ApiProperty({ format: 'uuid' }) assignmentId: string;
  @ApiProperty() title: string;
  @ApiProperty() category: string;
  @ApiProperty() pointsPossible: number;
}

export class CellDto {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'null: ungraded' })
  id: string | null;
  @ApiProperty({ format: 'uuid' }) assignmentId: string;
  @ApiProperty({ enum: CELL_STATUSES }) status: string;
  @ApiProperty({ ...NULLABLE_NUMBER, description: 'null unless graded' }) points: number | null;
  @ApiProperty() pointsPossible: number;
  @ApiProperty() overridden: boolean;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) submittedAt: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'when the first score came in',
  })
  firstScoredAt: string | null;
  @ApiProperty({ description: 'taken for lateness' }) deduction: number;
  @ApiProperty({ description: 'whether the learner may see it' }) isReleased: boolean;
  @ApiProperty({ type: 'integer', description: 'graded by; 0: the best, nothing taken' })
  policyVersion: number;
}

export class CategoryTotalDto {
  @ApiProperty() name: string;
  @ApiProperty(NULLABLE_NUMBER) weight: number | null;
  @ApiProperty({ description: 'of graded cells' }) points: number;
  @ApiProperty({ description: 'of graded cells' }) pointsPossible: number;
  @ApiProperty(NULLABLE_NUMBER) percent: number | null;
  @ApiProperty({ ...NULLABLE_NUMBER, description: 'as if open cells earned nothing' })
  finalPercent: number | null;
}

export class TotalDto {
  @ApiProperty({ description: 'of graded cells' }) points: number;
  @ApiProperty({ description: 'of graded cells' }) pointsPossible: number;
  @ApiProperty({ ...NULLABLE_NUMBER, description: 'null: nothing counts yet' })
  currentPercent: number | null;
  @ApiProperty({ ...NULLABLE_NUMBER, description: 'as if open cells earned nothing' })
  finalPercent: number | null;
}

export class GradebookRowDto {
  @ApiProperty({ format: 'uuid' }) learnerId: string;
  @ApiProperty() displayName: string;
  @ApiProperty({ type: [CellDto], description: 'one for each column, in their order' })
  cells: CellDto[];
  @ApiProperty({ type: [CategoryTotalDto] }) categories: CategoryTotalDto[];
  @ApiProperty({ type: TotalDto }) total: TotalDto;
}

export class GradebookDto {
  @ApiProperty({ format: 'uuid' }) classId: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: [ColumnDto] }) columns: ColumnDto[];
  @ApiProperty({ type: [GradebookRowDto] }) items: GradebookRowDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class LearnerGradesDto {
  @ApiProperty({ format: 'uuid' }) classId: string;
  @ApiProperty() name: string;
  @ApiProperty({ format: 'uuid' }) learnerId: string;
  @ApiProperty() displayName: string;
  @ApiProperty({ type: [ColumnDto] }) columns: ColumnDto[];
  @ApiProperty({ type: [CellDto], description: 'one for each column, in their order' })
  cells: CellDto[];
  @ApiProperty({ type: [CategoryTotalDto] }) categories: CategoryTotalDto[];
  @ApiProperty({ type: TotalDto }) total: TotalDto;
}

export class CellVersionDto {
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ format: 'uuid' }) attemptId: string;
  @ApiProperty({ enum: ['graded', 'pending-review'] }) status: string;
  @ApiProperty(NULLABLE_NUMBER) points: number | null;
  @ApiProperty() pointsPossible: number;
  @ApiProperty() overridden: boolean;
  @ApiProperty({ description: 'taken for lateness' }) deduction: number;
  @ApiProperty({ type: 'integer' }) policyVersion: number;
  @ApiProperty({ description: 'e.g. scored, reviewed, overridden, rescored' }) cause: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) actorId: string | null;
  @ApiProperty({ type: String, format: 'date-time' }) changedAt: Date;
}

export class CellHistoryDto {
  @ApiProperty({ type: [CellVersionDto] }) items: CellVersionDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class CategoryDto {
  @TextField({ max: 100 }) name: string;

  @NumberField({
    min: 0,
    max: 1000,
    optional: true,
    about: 'per cent of the course; no weight anywhere: plain points',
  })
  weight?: number | null;

  @IntegerField({ min: 0, max: 50, optional: true }) dropLowest?: number;
  @IntegerField({ min: 0, max: 50, optional: true }) dropHighest?: number;
}

export class CategoriesDto {
  @ListField(() => CategoryDto, { max: 50 }) categories: CategoryDto[];
}

export class VersionedCategoriesDto {
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ type: [CategoryDto] }) categories: CategoryDto[];
}

export class LatePolicyDto {
  @NumberField({ min: 0, max: 100 }) percentPerInterval: number;
  @IntegerField({ min: 1, max: 31_536_000 }) intervalSeconds: number;
  @NumberField({ min: 0, max: 100 }) floorPercent: number;
  @IntegerField({ min: 0, max: 86_400, optional: true }) graceSeconds?: number;
}

export class MissingPolicyDto {
  @NumberField({ min: 0, max: 100 }) deductionPercent: number;
}

export class GradePolicyDto {
  @ChoiceField(['best', 'last', 'first', 'mean']) attempts: 'best' | 'last' | 'first' | 'mean';
  @NestedField(() => LatePolicyDto, { optional: true }) late?: LatePolicyDto;
  @NestedField(() => MissingPolicyDto, { optional: true }) missing?: MissingPolicyDto;
}

export class PolicySimulationDto {
  @IdField() assignmentId: string;
  @NestedField(() => GradePolicyDto) policy: GradePolicyDto;
}

export class SimulatedGradeDto {
  @ApiProperty({ enum: CELL_STATUSES }) status: string;
  @ApiProperty(NULLABLE_NUMBER) points: number | null;
  @ApiProperty() deduction: number;
}

export class SimulatedLearnerDto {
  @ApiProperty({ format: 'uuid' }) learnerId: string;
  @ApiProperty() displayName: string;
  @ApiProperty({ type: SimulatedGradeDto }) before: SimulatedGradeDto;
  @ApiProperty({ type: SimulatedGradeDto }) after: SimulatedGradeDto;
}

export class SimulationDto {
  @ApiProperty({ type: 'integer' }) raised: number;
  @ApiProperty({ type: 'integer' }) lowered: number;
  @ApiProperty({ type: 'integer' }) unchanged: number;
  @ApiProperty({ type: [SimulatedLearnerDto], description: 'by name' })
  items: SimulatedLearnerDto[];
}

export class ExcusalDto {
  @TextField({ max: 500 }) reason: string;
}
