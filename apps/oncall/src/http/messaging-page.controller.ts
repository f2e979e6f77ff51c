import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@parlance/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { messagingView } from '../domain/messaging-view.js';
import { Metrics } from '../metrics.js';
import { OperatorSessions } from '../operator-sessions.js';
import { messagingPage } from '../view/messaging-page.js';
import { signInPage } from '../view/sign-in-page.js';
import { cookieIn, send } from './pages.controller.js';

/** How the message path does, in a browser. */
@ApiExcludeController()
@Public()
@Controller('messaging')
export class MessagingPageController {
  constructor(
    private readonly metrics: Metrics,
    private readonly sessions: OperatorSessions,
  ) {}

  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!this.sessions.isValid(cookieIn(request))) {
      return send(reply, 401, signInPage('/messaging'));
    }
    const nowMs = Date.now();
    const view = messagingView(this.metrics.all(nowMs), nowMs);
    send(reply, 200, messagingPage(view, this.metrics.stats()));
  }
}
