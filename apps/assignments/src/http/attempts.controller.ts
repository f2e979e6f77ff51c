import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { failpoint } from '@parlance/messaging';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe } from '@parlance/platform';
import type { AttemptForm } from '../attempt-forms.js';
import { Attempts } from '../attempts.js';
import type { LearnerProgress } from '../db/tracking.store.js';
import { savingEndsAt } from '../domain/attempt.js';
import { Submissions } from '../submissions.js';
import {
  AttemptDto,
  type LearnerProgressDto,
  ResponsesDto,
  SaveReceiptDto,
  SubmissionDto,
} from './attempt.dto.js';
import { slotAnswersOf } from './slot-answers.js';

@Controller('attempts')
export class AttemptsController {
  constructor(
    private readonly attempts: Attempts,
    private readonly submissions: Submissions,
  ) {}

  /** For its learner, and to read for teachers of the class. */
  @Get(':id')
  @ApiOkResponse({ type: AttemptDto })
  async get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<AttemptDto> {
    return attemptDto(await this.attempts.get(actor, id));
  }

  @Put(':id/responses')
  @ApiBody({ type: ResponsesDto })
  @ApiOkResponse({ type: SaveReceiptDto })
  async save(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: unknown,
  ): Promise<SaveReceiptDto> {
    const { savedAt, slots } = await this.submissions.save(actor, id, slotAnswersOf(body));
    return { savedAt: savedAt.toISOString(), slots };
  }

  @Post(':id/submission')
  @ApiCreatedResponse({ type: SubmissionDto })
  async submit(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IdempotencyKey('required') key: string,
  ): Promise<SubmissionDto> {
    const receipt = await this.submissions.submit(actor, id, key);
    await failpoint('submission.committed');
    return { ...receipt, submittedAt: receipt.submittedAt.toISOString() };
  }
}

export function attemptDto({ attempt, sections }: AttemptForm): AttemptDto {
  return {
    id: attempt.id,
    assignmentId: attempt.assignmentId,
    learnerId: attempt.learnerId,
    attemptNumber: attempt.attemptNumber,
    status: attempt.status,
    startedAt: attempt.startedAt.toISOString(),
    closesAt: savingEndsAt(attempt)?.toISOString(),
    dueAt: attempt.dueAt?.toISOString(),
    submittedAt: attempt.submittedAt?.toISOString(),
    late: attempt.late ?? undefined,
    sections,
  };
}

export function learnerProgressDto(progress: LearnerProgress): LearnerProgressDto {
  return {
    learnerId: progress.learnerId,
    displayName: progress.displayName,
    status: progress.status,
    attemptId: progress.attemptId ?? undefined,
    attemptNumber: progress.attemptNumber ?? undefined,
    startedAt: progress.startedAt?.toISOString(),
    submittedAt: progress.submittedAt?.toISOString(),
    late: progress.late ?? undefined,
  };
}
