import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import { ReplayAdmissions, Replays } from '@parlance/messaging';
import { OperatorOnly } from './auth/actor.js';
import { IdPipe } from './http/headers.js';
import {
  AdmissionInput,
  AdmissionStateInput,
  ReplayInput,
  ReplaySelectionInput,
  ReplayStateInput,
  SwapInput,
} from './replay.dto.js';

/** Paths of the two controllers, as Nest excludes them from the API's prefix. */
export const REPLAY_ROUTES = [
  'internal/replays',
  'internal/replays/*path',
  'internal/replay-admissions',
  'internal/replay-admissions/*path',
];

/** What operators ask the service whose events are told again. */
@ApiExcludeController()
@OperatorOnly()
@Controller('internal/replays')
export class ReplayController {
  constructor(private readonly replays: Replays) {}

  /** The consumer must have admitted it before: see `internal/replay-admissions` there. */
  @Post()
  create(@Body() input: ReplayInput) {
    return this.replays.create(input);
  }

  @HttpCode(200)
  @Post('preview')
  async preview(@Body() input: ReplaySelectionInput) {
    return { items: await this.replays.preview(input) };
  }

  @Get()
  async list() {
    return { items: await this.replays.list() };
  }

  @Get(':id')
  show(@Param('id', IdPipe) id: Id) {
    return this.replays.show(id);
  }

  @Put(':id/state')
  setState(@Param('id', IdPipe) id: Id, @Body() { state }: ReplayStateInput) {
    return this.replays.setState(id, state);
  }
}

/** What operators ask the service that is told. */
@ApiExcludeController()
@OperatorOnly()
@Controller('internal/replay-admissions')
export class ReplayAdmissionController {
  constructor(private readonly admissions: ReplayAdmissions) {}

  @Post()
  admit(@Body() input: AdmissionInput) {
    return this.admissions.admit(input);
  }

  @Get()
  async list() {
    return { items: await this.admissions.list() };
  }

  /** What this service can rebuild, and of which events. */
  @Get('projections')
  projections() {
    return { items: this.admissions.projections() };
  }

  @Get(':id')
  show(@Param('id', IdPipe) id: Id) {
    return this.admissions.show(id);
  }

  @Put(':id/state')
  close(@Param('id', IdPipe) id: Id, @Body() { state }: AdmissionStateInput) {
    return this.admissions.close(id, state);
  }

  @Get(':id/verification')
  verify(@Param('id', IdPipe) id: Id) {
    return this.admissions.verify(id);
  }

  @HttpCode(200)
  @Post(':id/swap')
  swap(@Param('id', IdPipe) id: Id, @Body() { acceptMissing }: SwapInput) {
    return this.admissions.swap(id, acceptMissing);
  }

  @Delete(':id/retired-tables')
  drop(@Param('id', IdPipe) id: Id) {
    return this.admissions.drop(id);
  }
}
