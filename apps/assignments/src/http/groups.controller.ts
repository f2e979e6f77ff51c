import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  IfMatchVersion,
  Roles,
  Versioned,
} from '@parlance/platform';
import { Groups } from '../groups.js';
import { GroupChangeDto, GroupDto, GroupQuery, GroupsDto, NewGroupDto } from './arrangement.dto.js';

/** Groups of learners within a class; only its teachers see them. */
@Controller('class-groups')
export class GroupsController {
  constructor(private readonly groups: Groups) {}

  @Post()
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiCreatedResponse({ type: GroupDto })
  create(
    @CurrentActor() actor: Actor,
    @Body() body: NewGroupDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<GroupDto> {
    const { classId, name, learnerIds } = body;
    return this.groups.create(actor, { classId, name, learnerIds }, key);
  }

  @Get()
  @Roles('teacher', 'admin')
  @ApiOkResponse({ type: GroupsDto })
  async list(@CurrentActor() actor: Actor, @Query() { classId }: GroupQuery): Promise<GroupsDto> {
    return { items: await this.groups.ofClass(actor, classId) };
  }

  @Put(':id')
  @Roles('teacher', 'admin')
  @Versioned()
  @ApiOkResponse({ type: GroupDto })
  replace(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IfMatchVersion() seen: number,
    @Body() { name, learnerIds }: GroupChangeDto,
  ): Promise<GroupDto> {
    return this.groups.replace(actor, id, { name, learnerIds }, seen);
  }

  @Delete(':id')
  @HttpCode(204)
  @Roles('teacher', 'admin')
  async remove(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<void> {
    await this.groups.remove(actor, id);
  }
}
