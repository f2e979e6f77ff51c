import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdField,
  NumberField,
  Roles,
  TextField,
} from '@parlance/platform';
import { ScoreEntries } from '../score-entries.js';

export class ScoreEntryDto {
  @IdField() assignmentId: string;
  @IdField() learnerId: string;
  @NumberField({ min: 0 }) points: number;
  @TextField({ min: 0, max: 10_000, optional: true }) comment?: string;
  @IdField({ optional: true, about: 'an upload that shows the work' }) evidenceUploadId?: string;
}

export class EnteredScoreDto {
  @ApiProperty({ format: 'uuid' }) attemptId: string;
  @ApiProperty({ format: 'uuid', description: 'its mark is mended as any other' }) taskId: string;
  @ApiProperty({ format: 'uuid' }) learnerId: string;
  @ApiProperty() points: number;
  @ApiProperty() pointsPossible: number;
  @ApiProperty({ type: 'integer' }) version: number;
}

@Controller('score-entries')
@Roles('teacher', 'admin')
export class ScoreEntryController {
  constructor(private readonly entries: ScoreEntries) {}

  @Post()
  @ApiOperation({ summary: 'Enters points for work on paper or in class' })
  @ApiCreatedResponse({ type: EnteredScoreDto })
  enter(
    @CurrentActor() actor: Actor,
    @IdempotencyKey() key: string | undefined,
    @Body() body: ScoreEntryDto,
  ) {
    const { assignmentId, learnerId, points, comment = null, evidenceUploadId = null } = body;
    const entry = { assignmentId, learnerId, points, comment, evidenceUploadId };
    return this.entries.enter(actor, entry, key);
  }
}
