import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@parlance/platform';
import type { FastifyRequest } from 'fastify';
import { Intake } from '../intake.js';
import { parseLogs, parseSpans } from '../protocol/otlp.js';
import { type ExportAnswer, exportAnswer, readExport } from './otlp-export.js';

const WHY = 'Ids or times were not valid.';

/** Spans and log records over OTLP/HTTP with JSON bodies. */
@ApiExcludeController()
@Public()
@Controller('v1')
export class OtlpController {
  constructor(private readonly intake: Intake) {}

  @Post('traces')
  @HttpCode(200)
  async traces(@Req() request: FastifyRequest): Promise<ExportAnswer> {
    const { body, bytes } = await this.read(request);
    const { entries, rejected } = parseSpans(body);
    this.intake.take(entries, [], bytes);
    return exportAnswer('rejectedSpans', rejected, WHY);
  }

  @Post('logs')
  @HttpCode(200)
  async logs(@Req() request: FastifyRequest): Promise<ExportAnswer> {
    const { body, bytes } = await this.read(request);
    const { entries, rejected } = parseLogs(body);
    this.intake.take([], entries, bytes);
    return exportAnswer('rejectedLogRecords', rejected, WHY);
  }

  private read(request: FastifyRequest) {
    return readExport(request, () => this.intake.requireRoom());
  }
}
