import { Body, Controller, Delete, Header, Headers, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse } from '@nestjs/swagger';
import { Refusal } from '@parlance/kernel';
import { type Actor, bearerToken, CurrentActor, Public } from '@parlance/platform';
import { sessionOf } from '../access-tokens.js';
import { Invitations } from '../invitations.js';
import { LtiLaunches } from '../lti-launches.js';
import { PasswordSignIns } from '../password-sign-in.js';
import { type OpenedSession, Sessions } from '../sessions.js';
import { MIN_PASSWORD } from './institutions.dto.js';
import { CreateSession, SessionCreated } from './sessions.dto.js';

@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly passwordSignIns: PasswordSignIns,
    private readonly invitations: Invitations,
    private readonly ltiLaunches: LtiLaunches,
  ) {}

  @Public()
  @Post()
  @Header('cache-control', 'no-store')
  @ApiCreatedResponse({ type: SessionCreated })
  create(
    @Body() body: CreateSession,
    @Headers('x-forwarded-for') forwardedFor: string | undefined,
    @Ip() peer: string,
  ): Promise<OpenedSession> {
    switch (body.grantType) {
      case 'password':
        return this.passwordSignIns.open({
          institution: needed(body, 'institution'),
          email: needed(body, 'email'),
          password: needed(body, 'password'),
          address: clientAddress(forwardedFor) ?? peer,
        });
      case 'invitation':
        return this.invitations.redeem(needed(body, 'code'), newPassword(body.password));
      case 'refresh':
        return this.sessions.refresh(needed(body, 'refreshToken'));
      case 'lti-launch':
        return this.ltiLaunches.open(needed(body, 'assertion'));
    }
  }

  @Delete('current')
  @HttpCode(204)
  @ApiNoContentResponse()
  async end(
    @CurrentActor() actor: Actor,
    @Headers('authorization') authorization: string,
  ): Promise<void> {
    const sessionId = sessionOf(bearerToken(authorization));
    if (sessionId !== undefined) await this.sessions.end(actor, sessionId);
  }
}

/** The gateway removes what clients claim and appends what it saw: the last entry. */
function clientAddress(forwardedFor: string | undefined): string | undefined {
  const last = forwardedFor?.split(',').at(-1)?.trim();
  return last === '' ? undefined : last;
}

function needed(body: CreateSession, field: Exclude<keyof CreateSession, 'grantType'>): string {
  const value = body[field];
  if (value !== undefined) return value;
  const detail = `is needed with grantType ${body.grantType}`;
  throw invalidField(field, detail);
}

function newPassword(password: string | undefined): string | undefined {
  if (password === undefined || password.length >= MIN_PASSWORD) return password;
  throw invalidField('password', `must have at least ${MIN_PASSWORD} characters`);
}

function invalidField(field: string, detail: string): Refusal {
  const fault = { pointer: `/${field}`, detail };
  return new Refusal('invalid', 'invalid-input', 'The input does not fit.', [fault]);
}
