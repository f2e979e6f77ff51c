import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import { AttemptMedia, type SignedMedia } from '../attempt-media.js';
import type { Upload } from '../db/upload.store.js';
import { partCount } from '../domain/upload.js';
import { Uploads } from '../uploads.js';
import {
  NewPlayDto,
  NewUploadDto,
  PartReceiptDto,
  PartRequestDto,
  PlayDto,
  type SignedMediaDto,
  SignedMediaListDto,
  UploadDto,
} from './attempt-media.dto.js';

/** What a learner listens to, records and hands in as files. */
@Controller('attempts')
export class AttemptMediaController {
  constructor(
    private readonly media: AttemptMedia,
    private readonly uploads: Uploads,
  ) {}

  /** URLs of pictures and sounds without limit, for a quarter of an hour. */
  @Get(':id/media')
  @Roles('learner')
  @ApiOkResponse({ type: SignedMediaListDto })
  async list(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
  ): Promise<SignedMediaListDto> {
    return { items: (await this.media.list(actor, id)).map(signedDto) };
  }

  /** Counts a play and gives the URL for it. */
  @Post(':id/slots/:slot/plays')
  @Roles('learner')
  @ApiCreatedResponse({ type: PlayDto })
  async play(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('slot', ParseIntPipe) slot: number,
    @IdempotencyKey('required') key: string,
    @Body() { responseId }: NewPlayDto,
  ): Promise<PlayDto> {
    const played = await this.media.play(actor, id, { slot, responseId }, key);
    const { plays, playsLeft, media } = played;
    return { plays, playsLeft: playsLeft ?? undefined, media: signedDto(media) };
  }

  @Post(':id/uploads')
  @Roles('learner')
  @ApiCreatedResponse({ type: UploadDto })
  async begin(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @IdempotencyKey() key: string | undefined,
    @Body() body: NewUploadDto,
  ): Promise<UploadDto> {
    const { slot, responseId, mediaType, sizeBytes, durationSeconds } = body;
    const given = { slot, responseId, mediaType, sizeBytes };
    const upload = { ...given, durationSeconds: durationSeconds ?? null };
    return uploadDto(await this.uploads.begin(actor, id, upload, key));
  }

  @Get(':id/uploads/:uploadId')
  @Roles('learner')
  @ApiOkResponse({ type: UploadDto })
  async get(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('uploadId', IdPipe) uploadId: string,
  ): Promise<UploadDto> {
    return uploadDto(await this.uploads.get(actor, id, uploadId));
  }

  /** Where to send a part. */
  @Post(':id/uploads/:uploadId/parts/:partNumber')
  @HttpCode(200)
  @Roles('learner')
  @ApiOkResponse({ type: PartRequestDto })
  part(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('uploadId', IdPipe) uploadId: string,
    @Param('partNumber', ParseIntPipe) partNumber: number,
  ): Promise<PartRequestDto> {
    return this.uploads.part(actor, id, uploadId, partNumber);
  }

  /** That a part has arrived. */
  @Put(':id/uploads/:uploadId/parts/:partNumber')
  @Roles('learner')
  @ApiOkResponse({ type: UploadDto })
  async keepPart(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('uploadId', IdPipe) uploadId: string,
    @Param('partNumber', ParseIntPipe) partNumber: number,
    @Body() { etag }: PartReceiptDto,
  ): Promise<UploadDto> {
    return uploadDto(await this.uploads.keepPart(actor, id, uploadId, { partNumber, etag }));
  }

  @Put(':id/uploads/:uploadId/completion')
  @Roles('learner')
  @ApiOkResponse({ type: UploadDto })
  async complete(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: string,
    @Param('uploadId', IdPipe) uploadId: string,
  ): Promise<UploadDto> {
    return uploadDto(await this.uploads.complete(actor, id, uploadId));
  }
}

export function signedDto({ expiresAt, ...media }: SignedMedia): SignedMediaDto {
  return { ...media, expiresAt: expiresAt.toISOString() };
}

function uploadDto(upload: Upload): UploadDto {
  const { id, slot, responseId, status, sizeBytes, partBytes } = upload;
  return {
    ...{ id, slot, responseId, status, sizeBytes, partBytes },
    partCount: partCount(sizeBytes, partBytes),
    parts: Object.keys(upload.parts)
      .map((partNumber) => ({ partNumber: Number(partNumber) }))
      .sort((one, other) => one.partNumber - other.partNumber),
  };
}
