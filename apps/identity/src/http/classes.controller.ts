import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  IfMatchVersion,
  PageQuery,
  Roles,
  Versioned,
} from '@parlance/platform';
import { Classes } from '../classes.js';
import { ChangeClass, ClassDto, ClassesPage, CreateClass } from './classes.dto.js';

@Controller('classes')
export class ClassesController {
  constructor(private readonly classes: Classes) {}

  @Get()
  @ApiOkResponse({ type: ClassesPage })
  list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<ClassesPage> {
    return this.classes.list(actor, query);
  }

  @Roles('admin', 'teacher')
  @Post()
  @Versioned()
  @ApiCreatedResponse({ type: ClassDto })
  create(
    @CurrentActor() actor: Actor,
    @Body() body: CreateClass,
    @IdempotencyKey() key: string | undefined,
  ): Promise<ClassDto> {
    return this.classes.create(actor, body.name, key);
  }

  @Get(':id')
  @Versioned()
  @ApiOkResponse({ type: ClassDto })
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<ClassDto> {
    return this.classes.get(actor, id);
  }

  @Roles('admin', 'teacher')
  @Patch(':id')
  @Versioned()
  @ApiOkResponse({ type: ClassDto })
  change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IfMatchVersion() version: number,
    @Body() body: ChangeClass,
  ): Promise<ClassDto> {
    return this.classes.change(actor, id, version, body);
  }
}
