import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Refusal } from '@parlance/kernel';
import { Public } from '@parlance/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeadLetters } from '../dead-letters.js';
import type { RecentFilter } from '../db/recent-traces.store.js';
import { Intake } from '../intake.js';
import { OperatorSessions, SESSION_SECONDS } from '../operator-sessions.js';
import { Traces } from '../traces.js';
import { homePage, PERIODS } from '../view/home-page.js';
import { faultPage, signInPage } from '../view/sign-in-page.js';
import { tracePage } from '../view/trace-page.js';

const COOKIE = 'oncall_session';

/** Pages someone may be sent to after signing in: ours, and none that a link made up. */
const OWN_PAGE = /^\/(messaging|traces\/[0-9a-f-]{32,36})?$/;

type Document = ReturnType<typeof homePage>;

/** What on-call sees in a browser. Every page checks the session itself and says 401 without. */
@ApiExcludeController()
@Public()
@Controller()
export class PagesController {
  constructor(
    private readonly traces: Traces,
    private readonly deadLetters: DeadLetters,
    private readonly intake: Intake,
    private readonly sessions: OperatorSessions,
  ) {}

  @Get('/')
  async home(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    if (!this.isSignedIn(request)) return send(reply, 401, signInPage('/'));
    if (typeof query.id === 'string') return this.search(reply, query.id.trim());
    const filter = filterOf(query);
    const [recent, deadLetters] = await Promise.all([
      this.traces.recent(filter).catch(() => undefined),
      this.deadLetters.report().catch(() => undefined),
    ]);
    send(reply, 200, homePage({ filter, recent, deadLetters, intake: this.intake.stats() }));
  }

  @Get('traces/:id')
  async trace(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
  ): Promise<void> {
    if (!this.isSignedIn(request)) return send(reply, 401, signInPage(ownPage(`/traces/${id}`)));
    try {
      send(reply, 200, tracePage(await this.traces.find(id)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const title = error.kind === 'not-found' ? 'Nothing found' : 'This is not an id';
      send(reply, error.status, faultPage(title, error.message, id));
    }
  }

  @Post('sign-in')
  signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const form = formOf(request);
    const to = ownPage(form.get('to') ?? '/');
    try {
      const address = request.socket.remoteAddress ?? 'unknown';
      const cookie = this.sessions.begin(form.get('secret') ?? '', address);
      void reply.header('set-cookie', cookieOf(cookie, SESSION_SECONDS)).redirect(to, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { retryAfterSeconds, status, message } = error;
      if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
      send(reply, status, signInPage(to, message));
    }
  }

  @Post('sign-out')
  signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.sessions.end(cookieIn(request));
    void reply.header('set-cookie', cookieOf('', 0)).redirect('/', 303);
  }

  private isSignedIn(request: FastifyRequest): boolean {
    return this.sessions.isValid(cookieIn(request));
  }

  private search(reply: FastifyReply, id: string): void {
    if (OWN_PAGE.test(`/traces/${id.toLowerCase()}`)) {
      void reply.redirect(`/traces/${id.toLowerCase()}`, 303);
      return;
    }
    const detail = 'A request id has 32 hexadecimal digits; the id of a record is a UUID.';
    send(reply, 400, faultPage('This is not an id', detail, id));
  }
}

export function send(reply: FastifyReply, status: number, page: Document): void {
  void reply.status(status).headers(page.headers).send(page.body);
}

function ownPage(path: string): string {
  return OWN_PAGE.test(path) ? path : '/';
}

function filterOf(query: Record<string, unknown>): RecentFilter {
  const minutes = Number(query.minutes);
  const { service } = query;
  return {
    sort: query.sort === 'slowest' ? 'slowest' : 'recent',
    errorsOnly: query.errors === '1',
    service: typeof service === 'string' && /^[\w-]{1,60}$/.test(service) ? service : undefined,
    minutes: PERIODS.includes(minutes) ? minutes : 15,
  };
}

function formOf(request: FastifyRequest): URLSearchParams {
  const { body } = request;
  return new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
}

/** Strict: no other site can make a browser use the session. */
function cookieOf(value: string, maxAgeSeconds: number): string {
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
}

export function cookieIn(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}
