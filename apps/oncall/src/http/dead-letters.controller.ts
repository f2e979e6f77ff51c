import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { isId, notFound } from '@parlance/kernel';
import { OperatorOnly } from '@parlance/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeadLetters, type LetterView } from '../dead-letters.js';
import { type DryRun, letterFilter, LetterRuns } from '../letter-runs.js';
import type { LetterRun } from '../domain/letter-run.js';
import { type PauseReport, PausedTypes } from '../paused-types.js';
import { checkedBody } from './checked-input.js';
import {
  AuditDto,
  DeadLettersDto,
  DiscardInput,
  DryRunDto,
  LetterQuery,
  LetterRunDto,
  LettersDto,
  LetterViewDto,
  PausesDto,
  RedriveInput,
  ResumedDto,
  ResumeInput,
  RunReportDto,
} from './dead-letters.dto.js';

const MAX_AUDIT = 100;

/** The pages have the same path without the prefix, so this spells its prefix out. */
@ApiTags('on-call')
@OperatorOnly()
@Controller('api/v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly runs: LetterRuns,
    private readonly pausedTypes: PausedTypes,
  ) {}

  /** By queue, type and fingerprint of the error, the largest group first. */
  @Get()
  @ApiOkResponse({ type: DeadLettersDto })
  async groups(@Query() query: LetterQuery): Promise<DeadLettersDto> {
    const { groups, places, isComplete } = await this.letters.groups(filterOf(query));
    const total = places.reduce((sum, { depth }) => sum + (depth ?? 0), 0);
    return { total, queues: places, groups, isComplete };
  }

  /** The latest first. */
  @Get('letters')
  @ApiOkResponse({ type: LettersDto })
  async list(@Query() query: LetterQuery): Promise<LettersDto> {
    const { letters, isComplete } = await this.letters.find(filterOf(query));
    return { matched: letters.length, letters: letters.slice(0, query.limit), isComplete };
  }

  /** What it is and why it is here; of its data only the names and sizes of the fields. */
  @Get('letters/:id')
  @ApiOkResponse({ type: LetterViewDto })
  letter(@Param('id') id: string, @Query() { queue }: LetterQuery): Promise<LetterView> {
    return this.letters.letter(id, queue);
  }

  /** A dry run answers 200 with what it would do, any other 202 with the run, which goes on. */
  @Post('redrives')
  @HttpCode(202)
  @ApiBody({ type: RedriveInput })
  @ApiOkResponse({ type: DryRunDto })
  @ApiAcceptedResponse({ type: LetterRunDto })
  async redrive(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.order('redrive', await checkedBody(request, RedriveInput), reply);
  }

  /** As a redrive, but the letters are deleted: their events are lost to the consumer. */
  @Post('discards')
  @HttpCode(202)
  @ApiBody({ type: DiscardInput })
  @ApiOkResponse({ type: DryRunDto })
  @ApiAcceptedResponse({ type: LetterRunDto })
  async discard(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.order('discard', await checkedBody(request, DiscardInput), reply);
  }

  /** How far a redrive or discard has come. */
  @Get('redrives/:id')
  @ApiOkResponse({ type: LetterRunDto })
  redriveRun(@Param('id') id: string): Promise<LetterRun> {
    return this.runs.run(runId(id));
  }

  @Get('discards/:id')
  @ApiOkResponse({ type: LetterRunDto })
  discardRun(@Param('id') id: string): Promise<LetterRun> {
    return this.runs.run(runId(id));
  }

  /** The latest redrives and discards. */
  @Get('audit')
  @ApiOkResponse({ type: AuditDto })
  async audit(): Promise<AuditDto> {
    return { runs: await this.runs.latest(MAX_AUDIT) };
  }

  /** One of them with its letters. */
  @Get('audit/:id')
  @ApiOkResponse({ type: RunReportDto })
  async report(@Param('id') id: string): Promise<RunReportDto> {
    const run = await this.runs.run(runId(id));
    return { run, letters: await this.runs.entries(run.id) };
  }

  /** Types of event a service does not handle for now. */
  @Get('pauses')
  @ApiOkResponse({ type: PausesDto })
  pauses(): Promise<PauseReport> {
    return this.pausedTypes.list();
  }

  @Post('resumes')
  @HttpCode(200)
  @ApiBody({ type: ResumeInput })
  @ApiOkResponse({ type: ResumedDto })
  async resume(@Req() request: FastifyRequest): Promise<ResumedDto> {
    const { type, operator } = await checkedBody(request, ResumeInput);
    return { services: await this.pausedTypes.resume(type, operator) };
  }

  private async order(
    action: LetterRun['action'],
    input: RedriveInput | DiscardInput,
    reply: FastifyReply,
  ): Promise<DryRun | LetterRun> {
    const { dryRun, filter, ratePerSecond, operator, reason = null } = input;
    if (dryRun) {
      void reply.status(200);
      return this.runs.dryRun(filter);
    }
    return this.runs.start({ action, filter, ratePerSecond, operator, reason });
  }
}

function filterOf({ limit: _, ...filter }: LetterQuery) {
  return letterFilter(filter);
}

function runId(id: string): string {
  if (!isId(id)) throw notFound('run');
  return id.toLowerCase();
}
