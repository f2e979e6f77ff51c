import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Refusal } from '@parlance/kernel';
import type { OutboxRelay } from '@parlance/messaging';
import type { FastifyRequest } from 'fastify';
import { OPERATOR } from '../auth/actor.js';

/** Reading adds nothing to the outbox. */
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const RETRY_AFTER_SECONDS = 30;

/**
 * Accepts no more changes while the events of earlier ones cannot leave: what is promised to
 * everybody else would only become later, and the outbox longer. Operators are let through, for
 * they may be about to mend it.
 */
@Injectable()
export class BackPressureGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    /** Asked late, for the relay is made after the guard; undefined without messaging. */
    private readonly relay: () => Pick<OutboxRelay, 'health'> | undefined,
    private readonly mostSeconds: number,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    if (execution.getType() !== 'http') return true;
    const { method } = execution.switchToHttp().getRequest<FastifyRequest>();
    if (READS.has(method)) return true;
    const targets = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(OPERATOR, targets) === true) return true;
    const { oldestUnpublishedSeconds = 0 } = this.relay()?.health() ?? {};
    if (oldestUnpublishedSeconds <= this.mostSeconds) return true;
    const detail =
      'Changes cannot be passed on at the moment. Nothing was done; try again shortly.';
    throw new Refusal('unavailable', 'changes-delayed', detail, [], RETRY_AFTER_SECONDS);
  }
}
