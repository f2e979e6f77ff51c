import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import type { FastifyReply } from 'fastify';
import { LaunchRefused } from '../domain/launch-refused.js';
import { html, sendPage } from './page.js';
import { textsFor } from './page-texts.js';

/**
 * Tells a person in a browser that a launch failed: the reason's code and the request id, which is
 * all that support needs, and nothing an attacker could learn from.
 */
@Catch()
export class RefusalPageFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refused = error instanceof LaunchRefused ? error : undefined;
    if (refused === undefined) this.logger.error({ error }, 'launch failed');
    else this.logger.warn({ reason: refused.reason, ...refused.subject }, 'launch refused');
    const texts = textsFor(undefined);
    const reason = refused?.reason ?? 'internal';
    const told =
      refused === undefined ? texts.failed : (texts.refused[refused.reason] ?? texts.otherwise);
    sendPage(reply, {
      status: refused?.status ?? 500,
      lang: texts.lang,
      title: texts.refusedTitle,
      main: html`<h1>${texts.refusedTitle}</h1>
        <p role="alert">${told}</p>
        <dl>
          <dt>${texts.code}</dt>
          <dd id="reason">${reason}</dd>
          <dt>${texts.requestId}</dt>
          <dd id="request-id">${String(reply.getHeader('x-request-id') ?? '')}</dd>
        </dl>`,
    });
  }
}
