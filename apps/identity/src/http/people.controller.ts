import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import {
  type Actor,
  CurrentActor,
  IdempotencyKey,
  IdPipe,
  IfMatchVersion,
  Roles,
  Versioned,
} from '@parlance/platform';
import { Invitations } from '../invitations.js';
import { BulkPeople } from '../people-bulk.js';
import { People } from '../people.js';
import {
  BulkOutcome,
  ChangePassword,
  ChangePerson,
  CreatePeople,
  CreatePerson,
  InvitationIssued,
  PeoplePage,
  PeopleQuery,
  PersonDto,
} from './people.dto.js';

@Controller('people')
export class PeopleController {
  constructor(
    private readonly people: People,
    private readonly bulk: BulkPeople,
    private readonly invitations: Invitations,
  ) {}

  @Get()
  @ApiOkResponse({ type: PeoplePage })
  list(@CurrentActor() actor: Actor, @Query() query: PeopleQuery): Promise<PeoplePage> {
    return this.people.list(actor, query);
  }

  @Roles('admin')
  @Post()
  @Header('cache-control', 'no-store')
  @ApiCreatedResponse({ type: PersonDto })
  create(
    @CurrentActor() actor: Actor,
    @Body() body: CreatePerson,
    @IdempotencyKey() key: string | undefined,
  ): Promise<PersonDto> {
    return this.people.create(actor, body, key);
  }

  @Roles('admin')
  @Post('bulk')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ type: BulkOutcome })
  createMany(
    @CurrentActor() actor: Actor,
    @Body() body: CreatePeople,
    @IdempotencyKey() key: string | undefined,
  ): Promise<BulkOutcome> {
    return this.bulk.create(actor, body.people, key);
  }

  @Get('me')
  @Versioned()
  @ApiOkResponse({ type: PersonDto })
  getMe(@CurrentActor() actor: Actor): Promise<PersonDto> {
    return this.people.get(actor, actor.personId);
  }

  @Put('me/password')
  @HttpCode(204)
  @ApiNoContentResponse()
  async changePassword(@CurrentActor() actor: Actor, @Body() body: ChangePassword): Promise<void> {
    await this.people.changePassword(actor, body.currentPassword, body.newPassword);
  }

  @Get(':id')
  @Versioned()
  @ApiOkResponse({ type: PersonDto })
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<PersonDto> {
    return this.people.get(actor, id);
  }

  @Patch(':id')
  @Versioned()
  @ApiOkResponse({ type: PersonDto })
  change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IfMatchVersion() version: number,
    @Body() body: ChangePerson,
  ): Promise<PersonDto> {
    return this.people.change(actor, id, version, body);
  }

  /** A new way in for somebody who lost theirs; the code they had before stops working. */
  @Roles('admin')
  @Post(':id/invitations')
  @Header('cache-control', 'no-store')
  @ApiCreatedResponse({ type: InvitationIssued })
  invite(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<InvitationIssued> {
    return this.invitations.issue(actor, id);
  }
}
