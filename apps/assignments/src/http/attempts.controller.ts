import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { failpoint } from '@parlance/messaging';
import { storableText } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import type { AttemptForm } from '../attempt-forms.js';
import { Attempts } from '../attempts.js';
import type { TrackedLearner } from '../tracking.js';
import { savingEndsAt } from '../domain/attempt.js';
import { Reopenings } from '../reopenings.js';
import { Submissions } from '../submissions.js';
import { Writers } from '../writers.js';
import { ReopenedDto, ReopeningDto } from './arrangement.dto.js';
import {
  AttemptDto,
  type LearnerProgressDto,
  ResponsesDto,
  SaveReceiptDto,
  SubmissionDto,
  SubmitDto,
  WriterClaimDto,
  WriterDto,
} from './attempt.dto.js';
import { savedAnswersOf } from './slot-answers.js';

@Controller('attempts')
export class AttemptsController {
  constructor(
    private readonly attempts: Attempts,
    private readonly submissions: Submissions,
    private readonly writers: Writers,
    private readonly reopenings: Reopenings,
  ) {}

  /** For its learner; teachers of the class see where it stands, but no section of it. */
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
    const { batch, origin } = savedAnswersOf(body);
    const { savedAt, slots } = await this.submissions.save(actor, id, batch, origin);
    return { savedAt: savedAt.toISOString(), slots };
  }

  /** Makes one device the only one that writes; it can be taken over from another. */
  @Put(':id/writer')
  @Roles('learner')
  @ApiOkResponse({ type: WriterDto })
  async claim(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: WriterClaimDto,
  ): Promise<WriterDto> {
    const claim = { deviceId: storableText(body.deviceId), takeOver: body.takeOver === true };
    const { leasedAt, ...writer } = await this.writers.claim(actor, id, claim);
    return { ...writer, leasedAt: leasedAt.toISOString() };
  }

  /** What a teacher does about an attempt that was handed in. */
  @Post(':id/reopenings')
  @Roles('teacher', 'admin')
  @ApiCreatedResponse({ type: ReopenedDto })
  reopen(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IdempotencyKey() key: string | undefined,
    @Body() { kind, minutes, reason }: ReopeningDto,
  ): Promise<ReopenedDto> {
    return this.reopenings.reopen(
      actor,
      id,
      {
        kind,
        minutes: minutes ?? null,
        reason: reason ?? null,
      },
      key,
    );
  }

  @Post(':id/submission')
  @ApiCreatedResponse({ type: SubmissionDto })
  async submit(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IdempotencyKey('required') key: string,
    @Body() body: SubmitDto,
  ): Promise<SubmissionDto> {
    const lease = body?.lease ?? null;
    const receipt = await this.submissions.submit(actor, id, key, lease);
    await failpoint('submission.committed');
    return { ...receipt, submittedAt: receipt.submittedAt.toISOString() };
  }
}

export function attemptDto({ attempt, sections, isEnded }: AttemptForm): AttemptDto {
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
    ended: isEnded,
    handedInBy: attempt.handedInBy ?? undefined,
    writerDeviceId: attempt.deviceId ?? undefined,
    liveSlot: attempt.mode === 'live' ? attempt.liveSlot : undefined,
    policyVersion: attempt.policyVersion,
    sections,
  };
}

export function learnerProgressDto(progress: TrackedLearner): LearnerProgressDto {
  return {
    learnerId: progress.learnerId,
    displayName: progress.displayName,
    status: progress.status,
    attemptId: progress.attemptId ?? undefined,
    attemptNumber: progress.attemptNumber ?? undefined,
    startedAt: progress.startedAt?.toISOString(),
    submittedAt: progress.submittedAt?.toISOString(),
    late: progress.late ?? undefined,
    handedInBy: progress.handedInBy ?? undefined,
    dueAt: progress.dueAt?.toISOString(),
    endsAt: progress.endsAt?.toISOString(),
    secondsLeft: progress.secondsLeft ?? undefined,
    lastSavedAt: progress.lastSavedAt?.toISOString(),
    answeredSlots: progress.answeredSlots,
    hasAccommodation: progress.hasAccommodation,
    hasOverride: progress.hasOverride,
  };
}
