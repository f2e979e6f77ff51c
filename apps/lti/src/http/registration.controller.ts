import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { decodeCursor, type Id, isId, Refusal } from '@parlance/kernel';
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
import type { Registration } from '../db/registration.store.js';
import { LTI_CONFIG, type LtiConfig } from '../lti-config.js';
import { Registrations } from '../registrations.js';
import {
  ChangeRegistrationDto,
  DeploymentDto,
  NewDeploymentDto,
  NewRegistrationDto,
  RegistrationDto,
  RegistrationPageDto,
} from './registration.dto.js';

@Roles('admin')
@Controller('lti/registrations')
export class RegistrationController {
  constructor(
    private readonly registrations: Registrations,
    @Inject(LTI_CONFIG) private readonly config: LtiConfig,
  ) {}

  @Post()
  @Versioned()
  @ApiOperation({ summary: 'Registers an LMS for the institution.' })
  @ApiCreatedResponse({ type: RegistrationDto })
  async create(
    @CurrentActor() actor: Actor,
    @Body() body: NewRegistrationDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<RegistrationDto> {
    return this.shown(await this.registrations.create(actor, body, key));
  }

  @Get()
  @ApiOkResponse({ type: RegistrationPageDto })
  async list(
    @CurrentActor() actor: Actor,
    @Query() query: PageQuery,
  ): Promise<RegistrationPageDto> {
    const after = query.cursor === undefined ? null : afterOf(query.cursor);
    const page = await this.registrations.page(actor, after, query.limit);
    return { ...page, items: page.items.map((registration) => this.shown(registration)) };
  }

  @Get(':id')
  @Versioned()
  @ApiOkResponse({ type: RegistrationDto })
  async get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<RegistrationDto> {
    const { deployments, ...registration } = await this.registrations.get(actor, id);
    return { ...this.shown(registration), deployments };
  }

  @Patch(':id')
  @Versioned()
  @ApiOkResponse({ type: RegistrationDto })
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @IfMatchVersion() version: number,
    @Body() body: ChangeRegistrationDto,
  ): Promise<RegistrationDto> {
    return this.shown(await this.registrations.change(actor, id, version, body));
  }

  @Post(':id/deployments')
  @HttpCode(201)
  @ApiOperation({ summary: 'Gives a deployment of the LMS to a class and lets its launches in.' })
  @ApiCreatedResponse({ type: DeploymentDto })
  bind(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
    @Body() body: NewDeploymentDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<DeploymentDto> {
    return this.registrations.bindDeployment(actor, id, body, key);
  }

  private shown(registration: Registration): RegistrationDto {
    const { apiBase } = this.config;
    return {
      id: registration.id,
      issuer: registration.issuer,
      clientId: registration.clientId,
      authUrl: registration.authUrl,
      tokenUrl: registration.tokenUrl,
      jwksUrl: registration.jwksUrl,
      tokenAudience: registration.tokenAudience,
      productFamily: registration.productFamily,
      allowedHosts: registration.allowedHosts,
      allowPrivateHosts: registration.allowPrivateHosts,
      clockLeewaySeconds: registration.clockLeewaySeconds,
      status: registration.status,
      version: registration.version,
      tool: {
        loginUrl: `${apiBase}/lti/login`,
        redirectUri: `${apiBase}/lti/launch`,
        targetLinkUri: `${apiBase}/lti/launch`,
        jwksUrl: `${apiBase}/lti/jwks`,
      },
    };
  }
}

function afterOf(cursor: string): Id {
  const [id] = decodeCursor(cursor, 1);
  if (!isId(id)) throw new Refusal('invalid', 'invalid-cursor', 'This is not our cursor.');
  return id;
}
