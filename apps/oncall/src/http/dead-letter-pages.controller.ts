import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { isId, notFound, Refusal } from '@parlance/kernel';
import { Public } from '@parlance/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeadLetters } from '../dead-letters.js';
import type { RunFilter } from '../domain/letter-run.js';
import { letterFilter, LetterRuns, type RunOrder } from '../letter-runs.js';
import { OperatorSessions } from '../operator-sessions.js';
import { PausedTypes } from '../paused-types.js';
import { deadLettersPage } from '../view/dead-letters-page.js';
import { checkPage } from '../view/letter-forms.js';
import { letterGroupPage } from '../view/letter-group-page.js';
import { letterPage } from '../view/letter-page.js';
import { auditPage, letterRunPage } from '../view/letter-run-page.js';
import { faultPage, signInPage } from '../view/sign-in-page.js';
import { cookieIn, formOf, ownPage, send } from './browser.js';
import { checked } from './checked-input.js';
import { DiscardInput, LetterFilterInput, RedriveInput, ResumeInput } from './dead-letters.dto.js';

/** Paths of pages and API that stand outside the API's prefix. */
export const DEAD_LETTER_ROUTES = [
  ...['', '/group', '/letters/:id', '/audit', '/check', '/runs', '/runs/:id', '/resume'].map(
    (path) => `dead-letters${path}`,
  ),
  ...[
    ...['', '/letters', '/letters/:id', '/redrives', '/discards', '/redrives/:id'],
    ...['/discards/:id', '/audit', '/audit/:id', '/pauses', '/resumes'],
  ].map((path) => `api/v1/dead-letters${path}`),
];

type Document = Parameters<typeof send>[2];

const MAX_AUDIT = 100;

/**
 * Dead letters in a browser. Every page checks the session itself, and every form that does
 * something also that it came from a page of that session.
 */
@ApiExcludeController()
@Public()
@Controller('dead-letters')
export class DeadLetterPagesController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly runs: LetterRuns,
    private readonly pausedTypes: PausedTypes,
    private readonly sessions: OperatorSessions,
  ) {}

  @Get()
  list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    return this.show(request, reply, async (formToken) => {
      const filter = await filterIn(query);
      const [found, pauses] = await Promise.all([
        this.letters.groups(letterFilter(filter)).catch(unlessAway),
        this.pausedTypes.list(),
      ]);
      const places = this.letters.places.map(({ name }) => name);
      return deadLettersPage({ filter, found, places, pauses, formToken });
    });
  }

  @Get('group')
  group(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    return this.show(request, reply, async (formToken) => {
      const filter = await filterIn(query);
      const found = await this.letters.groups(letterFilter(filter));
      return letterGroupPage({ filter, found, formToken });
    });
  }

  @Get('letters/:id')
  letter(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    return this.show(request, reply, async (formToken) => {
      const { queue } = await filterIn(query);
      return letterPage(await this.letters.letter(id, queue), formToken);
    });
  }

  @Get('audit')
  audit(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.show(request, reply, async () => auditPage(await this.runs.latest(MAX_AUDIT)));
  }

  @Get('runs/:id')
  run(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
  ): Promise<void> {
    return this.show(request, reply, async () => {
      if (!isId(id)) throw notFound('run');
      const run = await this.runs.run(id.toLowerCase());
      return letterRunPage(run, await this.runs.entries(run.id));
    });
  }

  /** Shows what an order would do. */
  @Post('check')
  check(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take(request, reply, async (form, formToken) => {
      const order = await orderIn(form);
      return checkPage(order, await this.runs.dryRun(order.filter), formToken);
    });
  }

  @Post('runs')
  start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take(request, reply, async (form) => {
      const run = await this.runs.start(await orderIn(form));
      return `/dead-letters/runs/${run.id}`;
    });
  }

  @Post('resume')
  resume(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take(request, reply, async (form) => {
      const given = { type: form.get('type') ?? '', operator: form.get('operator') ?? '' };
      const { type, operator } = await checked(given, ResumeInput);
      await this.pausedTypes.resume(type, operator);
      return '/dead-letters';
    });
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (formToken: string) => Promise<Document>,
  ): Promise<void> {
    const cookie = cookieIn(request);
    if (!this.sessions.isValid(cookie)) return send(reply, 401, signInPage(ownPage(request.url)));
    try {
      send(reply, 200, await work(this.sessions.formToken(cookie)));
    } catch (error) {
      sendFault(reply, error);
    }
  }

  /** `work` answers with a page, or with where to go. */
  private async take(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (form: URLSearchParams, formToken: string) => Promise<Document | string>,
  ): Promise<void> {
    const cookie = cookieIn(request);
    if (!this.sessions.isValid(cookie)) return send(reply, 401, signInPage('/dead-letters'));
    try {
      const form = formOf(request);
      this.sessions.requireFormToken(cookie, form.get('form'));
      const answer = await work(form, this.sessions.formToken(cookie));
      if (typeof answer === 'string') void reply.redirect(answer, 303);
      else send(reply, 200, answer);
    } catch (error) {
      sendFault(reply, error);
    }
  }
}

function sendFault(reply: FastifyReply, error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
  const faults = error.faults.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`);
  const { status, retryAfterSeconds, message } = error;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  const title = status === 404 ? 'It is not here, or no more' : 'That cannot be done';
  send(reply, status, faultPage(title, [message, ...faults].join(' ')));
}

/** The page tells that SQS is away; any other fault is told instead of it. */
function unlessAway(error: unknown): undefined {
  if (error instanceof Refusal && error.code === 'queues-unavailable') return undefined;
  throw error;
}

const FILTER_FIELDS = ['queue', 'type', 'institutionId', 'fingerprint', 'since', 'id'];

/** Fields left empty say nothing. Throws a Refusal (400) for what does not fit. */
function filterIn(query: Record<string, unknown>): Promise<RunFilter> {
  const given = Object.entries(query).filter(
    ([name, value]) => FILTER_FIELDS.includes(name) && value !== '',
  );
  return checked(Object.fromEntries(given), LetterFilterInput);
}

async function orderIn(form: URLSearchParams): Promise<RunOrder> {
  const filter = await filterIn(Object.fromEntries(form));
  const action = form.get('action');
  if (action !== 'redrive' && action !== 'discard') {
    throw new Refusal('invalid', 'unknown-action', 'Letters are redriven or discarded.');
  }
  const reason = form.get('reason')?.trim() ?? '';
  const given = {
    filter,
    dryRun: false,
    operator: form.get('operator')?.trim(),
    ratePerSecond: Number(form.get('ratePerSecond') || 50),
    ...(reason !== '' && { reason }),
  };
  const order = await checked(given, action === 'discard' ? DiscardInput : RedriveInput);
  return {
    action,
    filter,
    operator: order.operator,
    reason: order.reason ?? null,
    ratePerSecond: order.ratePerSecond,
  };
}
