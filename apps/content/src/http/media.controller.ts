import { Body, Controller, Get, Header, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Roles } from '@parlance/platform';
import type { MediaRow } from '../db/media.store.js';
import { type AnnouncedMedia, MediaFiles, type MediaLink } from '../media-files.js';
import { AnnouncedMediaView, MediaLinkView, MediaView, NewMediaBody } from './media.dto.js';

/** Files of items. Learners get theirs through their attempts. */
@ApiTags('media')
@Roles('teacher', 'admin')
@Controller('media')
export class MediaController {
  constructor(private readonly files: MediaFiles) {}

  /** Says which file will come and tells where to send it. A file is one file, however often said. */
  @ApiOkResponse({ type: AnnouncedMediaView })
  @HttpCode(200)
  @Post()
  announce(@CurrentActor() actor: Actor, @Body() body: NewMediaBody): Promise<AnnouncedMedia> {
    return this.files.announce(actor, body);
  }

  /** Checks what was sent: size, checksum and kind. */
  @ApiOkResponse({ type: MediaView })
  @Put(':sha256/completion')
  complete(@CurrentActor() actor: Actor, @Param('sha256') sha256: string): Promise<MediaRow> {
    return this.files.complete(actor, sha256);
  }

  @Header('cache-control', 'no-store')
  @ApiOkResponse({ type: MediaLinkView })
  @Get(':sha256')
  link(@CurrentActor() actor: Actor, @Param('sha256') sha256: string): Promise<MediaLink> {
    return this.files.link(actor, sha256);
  }
}
