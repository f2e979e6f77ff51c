import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  PageQuery,
  Roles,
} from '@parlance/platform';
import { Enrolments } from '../enrolments.js';
import { CreateEnrolments, EnrolmentDto, EnrolmentRow, EnrolmentsPage } from './enrolments.dto.js';
import { BulkOutcome } from './people.dto.js';

@Controller('classes/:classId/enrolments')
export class EnrolmentsController {
  constructor(private readonly enrolments: Enrolments) {}

  @Get()
  @ApiOkResponse({ type: EnrolmentsPage })
  list(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: string,
    @Query() query: PageQuery,
  ): Promise<EnrolmentsPage> {
    return this.enrolments.list(actor, classId, query);
  }

  @Roles('admin', 'teacher')
  @Post()
  @ApiCreatedResponse({ type: EnrolmentDto })
  create(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: string,
    @Body() body: EnrolmentRow,
    @IdempotencyKey() key: string | undefined,
  ): Promise<EnrolmentDto> {
    return this.enrolments.create(actor, classId, body, key);
  }

  @Roles('admin', 'teacher')
  @Post('bulk')
  @HttpCode(200)
  @ApiOkResponse({ type: BulkOutcome })
  createMany(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: string,
    @Body() body: CreateEnrolments,
    @IdempotencyKey() key: string | undefined,
  ): Promise<BulkOutcome> {
    return this.enrolments.createMany(actor, classId, body.enrolments, key);
  }

  @Roles('admin', 'teacher')
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async end(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: string,
    @Param('id', IdPipe) id: string,
  ): Promise<void> {
    await this.enrolments.end(actor, classId, id);
  }
}
