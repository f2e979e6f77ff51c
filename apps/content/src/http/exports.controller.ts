import { Body, Controller, Get, Header, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Id } from '@parlance/kernel';
import { type Actor, CurrentActor, IdempotencyKey, IdPipe, Roles } from '@parlance/platform';
import type { ExportReport } from '../domain/package-reports.js';
import { Exports } from '../exports.js';
import { ExportBody, ExportView } from './export.dto.js';

@ApiTags('exports')
@Roles('teacher', 'admin')
@Controller('exports')
export class ExportsController {
  constructor(private readonly exports: Exports) {}

  /** Makes a QTI package of a test or of items, and says item by item what QTI cannot. */
  @ApiCreatedResponse({ type: ExportView })
  @Post()
  create(
    @CurrentActor() actor: Actor,
    @Body() body: ExportBody,
    @IdempotencyKey() key?: string,
  ): Promise<ExportReport> {
    return this.exports.create(actor, body, key);
  }

  @ApiOkResponse({ type: ExportView })
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: Id): Promise<ExportReport> {
    return this.exports.get(actor, id);
  }

  /** The package. It holds the keys, so no cache may keep it, and who fetches it is on record. */
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @Header('cache-control', 'no-store')
  @Get(':id/package')
  async package(
    @CurrentActor() actor: Actor,
    @Param('id', IdPipe) id: Id,
  ): Promise<StreamableFile> {
    const zip = await this.exports.package(actor, id);
    return new StreamableFile(zip, {
      type: 'application/zip',
      disposition: `attachment; filename="${id}.zip"`,
      length: zip.length,
    });
  }
}
