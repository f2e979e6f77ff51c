import { Controller, Get, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
} from '@nestjs/swagger';
import { Public } from '@parlance/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieName, readCookie, setCookie } from '../domain/browser-cookie.js';
import { type Form, parseForm } from '../domain/form.js';
import { LaunchRefused } from '../domain/launch-refused.js';
import { MAX_LOGIN_BYTES } from '../domain/login-request.js';
import { MAX_TOKEN_BYTES } from '../domain/id-token-header.js';
import { Launches } from '../launches.js';
import { Logins } from '../logins.js';
import { LTI_CONFIG, type LtiConfig } from '../lti-config.js';
import { sendLaunchPage } from './launch-page.js';
import { RefusalPageFilter } from './refusal-page.filter.js';

const FORM = 'application/x-www-form-urlencoded';
/** An id_token and the few fields beside it. */
const MAX_LAUNCH_BYTES = MAX_TOKEN_BYTES + 16_384;

/** What browsers are sent to by an LMS; answers are pages, not JSON. */
@Public()
@UseFilters(RefusalPageFilter)
@Controller('lti')
export class LaunchController {
  constructor(
    private readonly logins: Logins,
    private readonly launches: Launches,
    @Inject(LTI_CONFIG) private readonly config: LtiConfig,
  ) {}

  @Get('login')
  @ApiOperation({ summary: 'Third-party login initiation of an LMS.' })
  @ApiResponse({ status: 302, description: 'To the registered authentication address.' })
  async loginByGet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { url } = request;
    const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
    await this.login(parseForm(query, MAX_LOGIN_BYTES), reply);
  }

  @Post('login')
  @ApiConsumes(FORM)
  @ApiOperation({ summary: 'Third-party login initiation of an LMS.' })
  @ApiResponse({ status: 302, description: 'To the registered authentication address.' })
  async loginByPost(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.login(formOf(request, MAX_LOGIN_BYTES), reply);
  }

  @Post('launch')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'The authentication response of an LMS: id_token or error.' })
  @ApiOkResponse({ description: 'A page with the launch as JSON in the script of id "launch".' })
  async launch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const form = formOf(request, MAX_LAUNCH_BYTES);
    const name = cookieName(form.get('state') ?? '', this.config.origin);
    const browser = readCookie(request.headers.cookie, name);
    const launch = await this.launches.accept(form, browser);
    reply.header('set-cookie', setCookie(name, '', this.config.origin, 0));
    sendLaunchPage(reply, launch, this.config.apiBase);
  }

  private async login(form: Form, reply: FastifyReply): Promise<void> {
    const { location, cookie } = await this.logins.start(form);
    void reply
      .status(302)
      .header('location', location)
      .header('set-cookie', cookie)
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .send();
  }
}

/** The body as it came; any other content type than a form's was parsed and is refused. */
function formOf(request: FastifyRequest, maxBytes: number): Form {
  if (!Buffer.isBuffer(request.body)) throw new LaunchRefused('parameter_malformed');
  if (request.body.length > maxBytes) throw new LaunchRefused('request_too_large');
  return parseForm(request.body.toString('utf8'), maxBytes);
}
