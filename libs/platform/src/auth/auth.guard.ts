import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Refusal } from '@parlance/kernel';
import { requestContext } from '@parlance/telemetry';
import type { FastifyRequest } from 'fastify';
import { type Actor, hasRole, OPERATOR, PUBLIC, REQUIRED_ROLES, type Role } from './actor.js';
import type { TokenVerifier } from './token-verifier.js';

/** Decides for every route who may call it. Deny by default: a route without a mark needs a token. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    private readonly operatorSecret: string,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    // Messages are authenticated by who may write to the queue, not by a token.
    if (execution.getType() !== 'http') return true;
    const targets = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, targets) === true) return true;
    const request = execution.switchToHttp().getRequest<FastifyRequest & { actor?: Actor }>();
    const header = request.headers.authorization;
    if (this.reflector.getAllAndOverride<boolean>(OPERATOR, targets) === true) {
      return this.checkOperator(header);
    }
    const actor = await this.tokens.verify(bearerToken(header));
    request.actor = actor;
    const current = requestContext();
    if (current !== undefined) {
      current.institutionId = actor.institutionId;
      current.personId = actor.personId;
    }
    const roles = this.reflector.getAllAndOverride<Role[]>(REQUIRED_ROLES, targets);
    if (roles !== undefined && !hasRole(actor, ...roles)) {
      const detail = `This needs the role ${roles.join(' or ')}.`;
      throw new Refusal('forbidden', 'role-required', detail);
    }
    return true;
  }

  private checkOperator(header: string | undefined): true {
    const given = /^Operator (.+)$/.exec(header ?? '')?.[1];
    if (given === undefined || !sameSecret(given, this.operatorSecret)) {
      throw new Refusal('unauthenticated', 'operator-required', 'This is for operators only.');
    }
    return true;
  }
}

export function bearerToken(header: string | undefined): string {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(header ?? '')?.[1];
  if (token === undefined) {
    const detail = 'Send an access token as "Authorization: Bearer <token>".';
    throw new Refusal('unauthenticated', 'token-required', detail);
  }
  return token;
}

/** In constant time, whatever the lengths. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
