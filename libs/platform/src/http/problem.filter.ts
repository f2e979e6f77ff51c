import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type FieldFault, Refusal } from '@parlance/kernel';
import { currentTraceId, type Logger } from '@parlance/telemetry';
import type { FastifyReply } from 'fastify';

/** RFC 9457 body of every error. `code` is stable; `detail` is for people. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  code: string;
  detail: string;
  /** Trace id of the request: what to give to support. */
  requestId: string;
  errors?: FieldFault[];
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export function problem(
  status: number,
  code: string,
  detail: string,
  requestId: string,
  faults: FieldFault[] = [],
): Problem {
  const body: Problem = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    code,
    detail,
    requestId,
  };
  return faults.length > 0 ? { ...body, errors: faults } : body;
}

/** Turns what was thrown into problem+json; what nobody could cause becomes a logged 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = this.answerTo(error);
    if (refusal.retryAfterSeconds !== undefined) {
      reply.header('retry-after', String(refusal.retryAfterSeconds));
    }
    if (refusal.status === 401) reply.header('www-authenticate', 'Bearer');
    const requestId = String(reply.getHeader('x-request-id') ?? currentTraceId() ?? '');
    void reply
      .status(refusal.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(problem(refusal.status, refusal.code, refusal.detail, requestId, refusal.faults));
  }

  private answerTo(error: unknown): Told {
    const known = refusalOf(error);
    if (known !== undefined) return known;
    const isAway = isDatabaseAway(error as { code?: unknown; message?: unknown });
    if (isAway) this.logger.warn({ error }, 'the database does not serve');
    else this.logger.error({ error }, 'request failed');
    return isAway ? AWAY : INTERNAL;
  }
}

interface Told {
  status: number;
  code: string;
  detail: string;
  faults: FieldFault[];
  retryAfterSeconds?: number | undefined;
}

const INTERNAL: Told = {
  status: 500,
  code: 'internal',
  detail: 'Something went wrong on our side. Give the requestId to support.',
  faults: [],
};

const AWAY = told(503, 'temporarily-unavailable', 'The service is not available; try again.', 2);

function told(status: number, code: string, detail: string, retryAfterSeconds?: number): Told {
  return { status, code, detail, faults: [], retryAfterSeconds };
}

function refusalOf(error: unknown): Told | undefined {
  if (error instanceof Refusal) {
    const { status, code, message, faults, retryAfterSeconds } = error;
    return { status, code, detail: message, faults, retryAfterSeconds };
  }
  const cause = error as { statusCode?: unknown; code?: unknown };
  if (typeof cause?.code === 'string' && cause.code.startsWith('FST_')) return ofFastify(cause);
  return error instanceof HttpException ? ofNest(error) : undefined;
}

function ofFastify(error: { statusCode?: unknown; code?: unknown }): Told | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return told(413, 'body-too-large', 'The body is larger than this route takes.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return told(415, 'unsupported-media-type', 'This route does not take that content type.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return told(400, 'malformed-json', 'The body is not well-formed JSON.');
    default:
      return error.statusCode === 400
        ? told(400, 'malformed-request', 'The request is malformed.')
        : undefined;
  }
}

function ofNest(error: HttpException): Told | undefined {
  const status = error.getStatus();
  if (status === 404) return told(404, 'route-not-found', 'There is nothing at this address.');
  if (status === 400) return told(400, 'malformed-json', 'The body is not well-formed JSON.');
  if (status === 413)
    return told(413, 'body-too-large', 'The body is larger than this route takes.');
  if (status === 415) return told(415, 'unsupported-media-type', 'That content type is not taken.');
  return undefined;
}

/** One that is away or overloaded, or whose disk is full: that is no bug of ours, and passes. */
function isDatabaseAway(error: { code?: unknown; message?: unknown }): boolean {
  const code = typeof error?.code === 'string' ? error.code : '';
  const noConnection =
    /timeout exceeded when trying to connect|Connection terminated|is not queryable/i;
  return (
    /^(08|53|57P|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|25P03)/.test(code) ||
    noConnection.test(String(error?.message ?? ''))
  );
}
