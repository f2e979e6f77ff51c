import { Body, Controller, Get, Headers, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Id, Refusal } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import type { ImportReport } from '../domain/package-reports.js';
import { Imports } from '../imports.js';
import { ImportView } from './import.dto.js';

@ApiTags('imports')
@Roles('teacher', 'admin')
@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: Imports) {}

  /**
   * Imports a QTI content package of version 2.1, 2.2 or 3.0, or a table of simple items as CSV.
   * What cannot be used is in the report, file by file or row by row.
   */
  @ApiConsumes('application/zip', 'text/csv')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ type: ImportView })
  @Post()
  import(
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
    @Headers('content-type') type = '',
    @IdempotencyKey() key?: string,
  ): Promise<ImportReport> {
    if (Buffer.isBuffer(body) && type.startsWith('text/csv')) {
      return this.imports.importTable(actor, body, key);
    }
    if (Buffer.isBuffer(body)) return this.imports.import(actor, body, key);
    const detail = 'Send a package as application/zip, or a table as text/csv.';
    throw new Refusal('unsupported-media-type', 'zip-required', detail);
  }

  @ApiOkResponse({ type: ImportView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<ImportReport> {
    return this.imports.get(actor, id);
  }
}
