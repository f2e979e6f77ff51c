import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { isId, notFound, Refusal } from '@parlance/kernel';
import type { FastifyReply } from 'fastify';
import { OperatorOnly, Public } from './auth/actor.js';
import { Readiness } from './readiness.js';
import { type RecordTrace, TraceReader, type TraceView } from './trace-reader.js';

/** What supervisors and on-call ask a service; not routed by the gateway. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(
    private readonly readiness: Readiness,
    @Inject(TraceReader) private readonly traces: TraceReader | null,
  ) {}

  /** The event loop turns. Nothing else: a restart does not mend a database. */
  @Public()
  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Public()
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const report = await this.readiness.check();
    reply.status(report.ready ? 200 : 503);
    return report;
  }

  @OperatorOnly()
  @Get('internal/traces/:traceId')
  async trace(@Param('traceId') traceId: string): Promise<TraceView> {
    if (!/^[0-9a-f]{32}$/.test(traceId)) {
      throw new Refusal('invalid', 'invalid-trace-id', 'A trace id is 32 hexadecimal digits.');
    }
    return this.traces === null
      ? { outbox: [], inbox: [], records: [] }
      : this.traces.byTraceId(traceId);
  }

  @OperatorOnly()
  @Get('internal/records/:id')
  async record(@Param('id') id: string): Promise<{ traces: RecordTrace[] }> {
    if (!isId(id)) throw notFound('record');
    return { traces: this.traces === null ? [] : await this.traces.tracesOf(id.toLowerCase()) };
  }
}
