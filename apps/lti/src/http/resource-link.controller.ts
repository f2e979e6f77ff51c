import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { type Actor, CurrentActor, IdempotencyKey, Roles } from '@parlance/platform';
import { ResourceLinks } from '../resource-links.js';
import { NewResourceLinkDto, ResourceLinkDto } from './registration.dto.js';

@Roles('admin')
@Controller('lti/resource-links')
export class ResourceLinkController {
  constructor(private readonly links: ResourceLinks) {}

  @Post()
  @ApiOperation({ summary: 'Says which assignment a link in an LMS course opens.' })
  @ApiCreatedResponse({ type: ResourceLinkDto })
  async bind(
    @CurrentActor() actor: Actor,
    @Body() body: NewResourceLinkDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<ResourceLinkDto> {
    const link = await this.links.bind(actor, body, key);
    const { id, registrationId, resourceLinkId, assignmentId, version } = link;
    return { id, registrationId, resourceLinkId, assignmentId, version };
  }
}
