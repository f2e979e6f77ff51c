import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Id, Refusal } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import { type ImportReport, Imports } from '../imports.js';
import { ImportView } from './import.dto.js';

@ApiTags('imports')
@Roles('teacher', 'admin')
@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: Imports) {}

  /** Imports a QTI content package of version 2.1, 2.2 or 3.0; what cannot be used is in the report, file by file. */
  @ApiConsumes('application/zip')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ type: ImportView })
  @Post()
  import(
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
    @IdempotencyKey() key?: string,
  ): Promise<ImportReport> {
    if (Buffer.isBuffer(body)) return this.imports.import(actor, body, key);
    const detail = 'Send the package as the body, with content type application/zip.';
    throw new Refusal('unsupported-media-type', 'zip-required', detail);
  }

  @ApiOkResponse({ type: ImportView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<ImportReport> {
    return this.imports.get(actor, id);
  }
}
