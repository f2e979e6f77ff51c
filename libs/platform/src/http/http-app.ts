import { type DynamicModule } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@parlance/telemetry';
import { REPLAY_ROUTES } from '../replay.controller.js';
import { MAX_JSON_BYTES } from './body-limits.js';
import { EtagInterceptor } from './headers.js';
import { nestLogger } from './nest-logger.js';
import { ProblemFilter } from './problem.filter.js';
import { traceRequests } from './tracing.js';
import { validationPipe } from './validation.js';

/** Routes for supervisors and on-call, outside the API and never routed by the gateway. */
const OPERATIONS = [
  'live',
  'ready',
  'internal/traces/:traceId',
  'internal/records/:id',
  'internal/outbox/failed',
  'internal/outbox/requeue',
  'internal/outbox/skip',
  'internal/consumer/pauses',
  'internal/consumer/resume',
  ...REPLAY_ROUTES,
];

type BodyParsed = (error: Error | null, body?: unknown) => void;

export interface HttpAppOptions {
  module: DynamicModule;
  logger: Logger;
  /** Continue the caller's trace; only behind the gateway. */
  trustCaller: boolean;
  rawBodies?: readonly { contentType: string; maxBytes: number }[];
  largeBodies?: readonly { path: string; maxBytes: number }[];
  /** Routes outside the API's prefix, beside those for supervisors and on-call. */
  unprefixed?: readonly string[];
}

/** A Nest application with tracing, problem+json, strict validation and ETags. Not yet listening. */
export async function createHttpApp(options: HttpAppOptions): Promise<NestFastifyApplication> {
  const { module, logger, trustCaller, rawBodies = [], unprefixed = [] } = options;
  const largeBodies = new Map(options.largeBodies?.map(({ path, maxBytes }) => [path, maxBytes]));
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_JSON_BYTES,
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: 'idle',
    keepAliveTimeout: 65_000,
    requestTimeout: 30_000,
    return503OnClosing: false,
  });
  const server = adapter.getInstance();
  traceRequests(server, trustCaller);
  server.addHook('onRoute', (route) => {
    const maxBytes = largeBodies.get(route.url);
    if (maxBytes !== undefined) route.bodyLimit = maxBytes;
  });
  for (const { contentType, maxBytes } of rawBodies) {
    // Through the adapter, which else registers its own parser for urlencoded bodies beside ours.
    const keepBytes = (_request: unknown, body: Buffer, done: BodyParsed) => done(null, body);
    adapter.useBodyParser(contentType, false, { bodyLimit: maxBytes }, keepBytes);
  }
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.setGlobalPrefix('api/v1', { exclude: [...OPERATIONS, ...unprefixed] });
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalPipes(validationPipe());
  app.useGlobalInterceptors(new EtagInterceptor(app.get(Reflector)));
  return app;
}
