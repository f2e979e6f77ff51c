import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import {
  type Actor,
  CurrentActor,
  IdPipe,
  IfMatchVersion,
  Roles,
  Versioned,
} from '@parlance/platform';
import { AssignmentSettings } from '../assignment-settings.js';
import { Marks } from '../marks.js';
import {
  AgreementDto,
  MarkingSettingsDto,
  MarkingSettingsInput,
  ReleaseInputDto,
} from './marking-settings.dto.js';

@Controller('marking-settings')
@Roles('teacher', 'admin')
export class MarkingSettingsController {
  constructor(
    private readonly settings: AssignmentSettings,
    private readonly marks: Marks,
  ) {}

  @Get(':assignmentId')
  @Versioned()
  @ApiOperation({ summary: 'How an assignment is marked and released' })
  @ApiOkResponse({ type: MarkingSettingsDto })
  read(@CurrentActor() actor: Actor, @Param('assignmentId', IdPipe) id: Id) {
    return this.settings.read(actor, id);
  }

  @Put(':assignmentId')
  @Versioned()
  @ApiOperation({ summary: 'Chooses how it is marked and released; needs If-Match' })
  @ApiOkResponse({ type: MarkingSettingsDto })
  change(
    @CurrentActor() actor: Actor,
    @Param('assignmentId', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: MarkingSettingsInput,
  ) {
    const { anonymous, doubleThreshold = null, slots, release } = body;
    return this.settings.change(actor, id, seen, { anonymous, doubleThreshold, slots, release });
  }

  @Put(':assignmentId/release')
  @Versioned()
  @ApiOperation({ summary: 'Releases or withholds by hand; needs If-Match' })
  @ApiOkResponse({ type: MarkingSettingsDto })
  release(
    @CurrentActor() actor: Actor,
    @Param('assignmentId', IdPipe) id: Id,
    @IfMatchVersion() seen: number,
    @Body() body: ReleaseInputDto,
  ) {
    return this.settings.release(actor, id, seen, body);
  }

  @Get(':assignmentId/agreement')
  @ApiOperation({ summary: 'How its markers agree where two marked the same answers' })
  @ApiOkResponse({ type: AgreementDto })
  agreement(@CurrentActor() actor: Actor, @Param('assignmentId', IdPipe) id: Id) {
    return this.marks.agreement(actor, id);
  }
}
