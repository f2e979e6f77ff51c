import { Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiExcludeController, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { OperatorOnly, Public } from '@parlance/platform';
import type { FastifyRequest } from 'fastify';
import { WINDOW_MS } from '../domain/messaging-view.js';
import { growthOf, quantileOf, type Series } from '../domain/metrics.js';
import { Metrics } from '../metrics.js';
import { parseMetrics } from '../protocol/otlp-metrics.js';
import { MetricsDto, MetricsQuery, type SeriesDto } from './metrics.dto.js';
import { type ExportAnswer, exportAnswer, readExport } from './otlp-export.js';

/** Metrics over OTLP/HTTP with JSON bodies, under the same conditions as spans and logs. */
@ApiExcludeController()
@Public()
@Controller('v1')
export class MetricsReceiver {
  constructor(private readonly metrics: Metrics) {}

  @Post('metrics')
  @HttpCode(200)
  async take(@Req() request: FastifyRequest): Promise<ExportAnswer> {
    const { body } = await readExport(request);
    const { entries, rejected } = parseMetrics(body);
    const dropped = this.metrics.take(entries);
    const why =
      dropped > 0
        ? 'There is no room for more series, or points were not understood.'
        : 'Only gauges and cumulative sums and histograms are understood.';
    return exportAnswer('rejectedDataPoints', rejected + dropped, why);
  }
}

@ApiTags('on-call')
@OperatorOnly()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** Every series with its newest point, and how it grew in the last five minutes. */
  @Get()
  @ApiOkResponse({ type: MetricsDto })
  list(@Query() { name, service }: MetricsQuery): MetricsDto {
    const nowMs = Date.now();
    const isAsked = (series: Series) =>
      (name === undefined || series.name === name) &&
      (service === undefined || series.service === service);
    return {
      at: new Date(nowMs).toISOString(),
      windowSeconds: WINDOW_MS / 1000,
      ...this.metrics.stats(),
      items: this.metrics
        .all(nowMs)
        .filter(isAsked)
        .map((series) => seriesDto(series, nowMs)),
    };
  }
}

function seriesDto(series: Series, nowMs: number): SeriesDto {
  const { points, attributes, service, instance, name, unit, kind } = series;
  const last = points.at(-1);
  const common = {
    ...{ service, instance, name, unit, kind, attributes: { ...attributes } },
    at: new Date(last?.atMs ?? nowMs).toISOString(),
    value: last?.value ?? 0,
    count: last?.buckets?.count ?? null,
  };
  if (kind === 'gauge') return { ...common, perSecond: null, p50: null, p99: null };
  const growth = growthOf(series, nowMs - WINDOW_MS, nowMs);
  return {
    ...common,
    perSecond: growth.seconds > 0 ? growth.count / growth.seconds : 0,
    p50: quantileOf(growth.buckets, 0.5) ?? null,
    p99: quantileOf(growth.buckets, 0.99) ?? null,
  };
}
