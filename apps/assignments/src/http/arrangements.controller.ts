import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { WindowOverride } from '@parlance/assessment';
import {
  type Actor,
  CurrentActor,
  IdPipe,
  IfMatchVersion,
  Roles,
  Versioned,
} from '@parlance/platform';
import { Arrangements } from '../arrangements.js';
import { requireWallTime } from '../domain/schedule.js';
import { InClass } from '../in-class.js';
import { type LearnerWindow, Windows } from '../windows.js';
import {
  AccommodationDto,
  ArrangementChangesDto,
  CompletionDto,
  DueDateExplanationDto,
  ExplanationQuery,
  LearnerAccommodationDto,
  OverrideDto,
  OverridesDto,
  TargetedOverrideDto,
} from './arrangement.dto.js';
import { assignmentDto, audienceDto, present } from './assignment-bodies.js';
import { AssignmentDto, AudienceDto, LiveCursorDto } from './assignment.dto.js';
import { Assignments } from '../assignments.js';

/** What differs for some learners of an assignment, and what happens in class. */
@Controller('assignments')
export class ArrangementsController {
  constructor(
    private readonly arrangements: Arrangements,
    private readonly assignments: Assignments,
    private readonly windows: Windows,
    private readonly inClass: InClass,
  ) {}

  @Get(':id/audience')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: AudienceDto })
  async audience(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string) {
    return audienceDto(await this.assignments.audience(actor, id));
  }

  /** Why a due date is what it is: every rule that spoke, in order. */
  @Get(':id/due-date-explanation')
  @ApiOkResponse({ type: DueDateExplanationDto })
  async explain(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Query() { learnerId }: ExplanationQuery,
  ): Promise<DueDateExplanationDto> {
    return explanationDto(await this.windows.explain(actor, id, learnerId ?? actor.personId));
  }

  @Get(':id/overrides')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: OverridesDto })
  async overrides(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<OverridesDto> {
    return { items: (await this.arrangements.overrides(actor, id)).map(overrideDto) };
  }

  /** Attempts in progress have it at once. */
  @Put(':id/overrides/:targetId')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: TargetedOverrideDto })
  async setOverride(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('targetId', IdPipe) targetId: string,
    @Body() body: OverrideDto,
  ): Promise<TargetedOverrideDto> {
    const override = overrideOf(body, targetId);
    const set = await this.arrangements.setOverride(actor, id, override, body.reason ?? null);
    return overrideDto(set);
  }

  @Delete(':id/overrides/:targetId')
  @HttpCode(204)
  @Roles('teacher', 'admin')
  async removeOverride(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('targetId', IdPipe) targetId: string,
  ): Promise<void> {
    await this.arrangements.removeOverride(actor, id, targetId);
  }

  @Put(':id/live-cursor')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: AssignmentDto })
  async moveTo(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: LiveCursorDto,
  ): Promise<AssignmentDto> {
    return assignmentDto(await this.inClass.moveTo(actor, id, body.slot));
  }

  /** The learner has done it in class or on paper; grading takes the points. */
  @Put(':id/completions/:learnerId')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: CompletionDto })
  async markDone(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('learnerId', IdPipe) learnerId: string,
  ): Promise<CompletionDto> {
    const attempt = await this.inClass.markDone(actor, id, learnerId);
    const submittedAt = (attempt.submittedAt ?? attempt.startedAt).toISOString();
    return { attemptId: attempt.id, learnerId, submittedAt };
  }
}

/** What a learner is granted in everything they do. */
@Controller('accommodations')
export class AccommodationsController {
  constructor(private readonly arrangements: Arrangements) {}

  /** One's own, or of a learner one teaches. */
  @Get(':learnerId')
  @Versioned()
  @ApiOkResponse({ type: LearnerAccommodationDto })
  get(
    @CurrentActor() actor: Actor,
    @Param('learnerId', IdPipe) learnerId: string,
  ): Promise<LearnerAccommodationDto> {
    return this.arrangements.accommodation(actor, learnerId);
  }

  /** In force at once, for attempts in progress too. If-Match "0" for the first. */
  @Put(':learnerId')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: LearnerAccommodationDto })
  set(
    @CurrentActor() actor: Actor,
    @Param('learnerId', IdPipe) learnerId: string,
    @IfMatchVersion() seen: number,
    @Body() body: AccommodationDto,
  ): Promise<LearnerAccommodationDto> {
    const { timeMultiplier, extraSeconds, extraAttempts, extraDays, reason = null } = body;
    const granted = { timeMultiplier, extraSeconds, extraAttempts, extraDays };
    return this.arrangements.setAccommodation(actor, learnerId, { granted, reason, seen });
  }

  /** Who granted what and when, newest first. */
  @Get(':learnerId/changes')
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: ArrangementChangesDto })
  async changes(
    @CurrentActor() actor: Actor,
    @Param('learnerId', IdPipe) learnerId: string,
  ): Promise<ArrangementChangesDto> {
    const changes = await this.arrangements.accommodationChanges(actor, learnerId);
    return {
      items: changes.map(({ before, after, reason, actorId, at }) => ({
        ...(before && { before }),
        ...(after && { after }),
        ...(reason !== null && { reason }),
        actorId,
        at: at.toISOString(),
      })),
    };
  }
}

function overrideOf(body: OverrideDto, targetId: string): WindowOverride {
  const local = (text: string | null | undefined, pointer: string) =>
    text === undefined || text === null ? text : requireWallTime(text, pointer);
  const rule = present({
    opens: local(body.opensLocal, '/opensLocal'),
    due: local(body.dueLocal, '/dueLocal'),
    closes: local(body.closesLocal, '/closesLocal'),
    extensionDays: body.extensionDays ?? undefined,
    maxAttempts: body.maxAttempts ?? undefined,
  });
  return { scope: body.scope, targetId, ...rule };
}

function overrideDto(override: WindowOverride): TargetedOverrideDto {
  const { scope, targetId, opens, due, closes, extensionDays, maxAttempts } = override;
  return {
    ...{ scope, targetId, opensLocal: opens, dueLocal: due, closesLocal: closes },
    ...{ extensionDays, maxAttempts },
  };
}

function explanationDto(window: LearnerWindow): DueDateExplanationDto {
  const text = (value: string | number | null) => (value === null ? undefined : String(value));
  return {
    learnerId: window.learnerId,
    isAudience: window.isAudience,
    opensAt: window.opens?.at.toISOString(),
    dueAt: window.due?.at.toISOString(),
    closesAt: window.closes?.at.toISOString(),
    dueLocal: window.due?.wallTime,
    timeZone: window.timeZone,
    maxAttempts: window.maxAttempts,
    timeLimitSeconds: window.timeLimitSeconds ?? undefined,
    trace: window.trace.map(({ changes, ...step }) => ({
      ...step,
      changes: changes.map(({ field, from, to }) => ({ field, from: text(from), to: text(to) })),
    })),
  };
}
