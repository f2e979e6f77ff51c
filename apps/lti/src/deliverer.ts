import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@parlance/platform';
import { REFUSED_FOR_MS, TokenDenied } from './access-tokens.js';
import {
  DeliveryQueueStore,
  type Job,
  type Lease,
  type Settlement,
} from './db/delivery-queue.store.js';
import { type Registration, RegistrationStore } from './db/registration.store.js';
import { ResourceLinkStore } from './db/resource-link.store.js';
import { type Answer, backoffMs, type Outcome, outcomeOf } from './domain/delivery-outcome.js';
import { isSameGrade, restamped, timestampStepMs } from './domain/score.js';
import { GradeService } from './grade-service.js';
import { LTI_CONFIG, type LtiConfig } from './lti-config.js';

const MAX_BACKOFF_MS = 3_600_000;
/** An LMS that is away for longer has lost its place; the teacher sees the failure. */
const GIVE_UP_MS = 72 * 3_600_000;
const DISABLED_RECHECK_MS = 15 * 60_000;
/** A grade stamped further ahead than clocks differ would block every later one. */
const MAX_AHEAD_MS = 5 * 60_000;

/** Sends one score and decides what its answer means. */
@Injectable()
export class Deliverer {
  constructor(
    private readonly database: Database,
    private readonly grades: GradeService,
    private readonly queue: DeliveryQueueStore,
    private readonly links: ResourceLinkStore,
    private readonly registrations: RegistrationStore,
    @Inject(LTI_CONFIG) private readonly config: LtiConfig,
  ) {}

  /** The settlement, and until when the platform wants to be left alone. */
  async deliver(lease: Lease, job: Job): Promise<{ settlement: Settlement; holdUntil?: Date }> {
    const registration = await this.database.inInstitution(lease.institutionId, (tx) =>
      this.registrations.byId(tx, lease.registrationId),
    );
    if (registration?.status !== 'active') {
      const again = { kind: 'retry', reason: 'registration-disabled' } as const;
      return this.settle(job, { ...again, afterMs: DISABLED_RECHECK_MS }, null, job.mayHaveArrived);
    }
    try {
      return await this.attempt(lease, registration, job);
    } catch (error) {
      if (!(error instanceof TokenDenied)) throw error;
      return this.settle(job, tokenOutcome(error), error.httpStatus, job.mayHaveArrived);
    }
  }

  private async attempt(lease: Lease, registration: Registration, job: Job) {
    const lineItemUrl = job.lineItemUrl ?? (await this.rediscover(lease, registration, job));
    if (lineItemUrl === undefined) return this.settle(job, UNREACHABLE, null, job.mayHaveArrived);
    if (lineItemUrl === null) return orphaned(null);
    const answer = await this.grades.sendScore(registration, job, lineItemUrl);
    const outcome = this.judge(answer, registration, job);
    if (outcome.kind === 'rediscover') {
      return this.sendToAnother(lease, registration, job, lineItemUrl);
    }
    return this.conclude(lease, registration, job, { answer, outcome, lineItemUrl });
  }

  /** The line item is gone: the platform may have made another for the same link. */
  private async sendToAnother(lease: Lease, registration: Registration, job: Job, goneUrl: string) {
    const found = await this.rediscover(lease, registration, job);
    if (found === undefined) return this.settle(job, UNREACHABLE, 404, job.mayHaveArrived);
    if (found === null || found === goneUrl) return orphaned(404);
    const answer = await this.grades.sendScore(registration, job, found);
    const outcome = this.judge(answer, registration, job);
    if (outcome.kind === 'rediscover') return orphaned(404);
    return this.conclude(lease, registration, job, { answer, outcome, lineItemUrl: found });
  }

  private async rediscover(lease: Lease, registration: Registration, job: Job) {
    const found = await this.grades.findLineItem(registration, job);
    if (typeof found === 'string') {
      await this.database.inInstitution(lease.institutionId, (tx) =>
        this.links.setLineItem(tx, job.resourceLink, found),
      );
    }
    return found;
  }

  private judge(answer: Answer, registration: Registration, job: Job): Outcome {
    return outcomeOf(answer, {
      attempts: job.attempts,
      productFamily: registration.productFamily,
      mayHaveArrived: job.mayHaveArrived,
      now: new Date(),
    });
  }

  private async conclude(
    lease: Lease,
    registration: Registration,
    job: Job,
    told: { answer: Answer; outcome: Outcome; lineItemUrl: string },
  ) {
    const { answer, outcome, lineItemUrl } = told;
    const status = 'status' in answer ? answer.status : null;
    // Of a clear answer below 500 we know that this try changed nothing.
    const inDoubt = status === null || status >= 500 ? true : job.mayHaveArrived;
    if (outcome.kind === 'refresh-token') {
      const again = { kind: 'retry', reason: 'unauthorized', afterMs: REFUSED_FOR_MS } as const;
      return this.settle(job, again, status, inDoubt);
    }
    if (outcome.kind !== 'compare-result') return this.settle(job, outcome, status, inDoubt);
    const decided = await this.compare(lease, registration, job, lineItemUrl, outcome.reason);
    return this.settle(job, decided, status, inDoubt);
  }

  /** The platform holds a score as new as ours: ours, or one we have to get past. */
  private async compare(
    lease: Lease,
    registration: Registration,
    job: Job,
    lineItemUrl: string,
    reason: string,
  ): Promise<Outcome> {
    const result = await this.grades.readResult(registration, job, lineItemUrl);
    if (result !== undefined && result !== null && isSameGrade(result, job)) {
      return { kind: 'delivered' };
    }
    if (job.restamped || reason !== 'stale-timestamp') return { kind: 'failed', reason };
    const theirs = new Date(String(result?.timestamp));
    const after = Number.isNaN(theirs.getTime()) ? undefined : theirs;
    if (after !== undefined && after.getTime() > Date.now() + MAX_AHEAD_MS) {
      return { kind: 'failed', reason: 'platform-holds-future-score' };
    }
    const scoredAt = await this.database.inInstitution(lease.institutionId, (tx) =>
      this.queue.restamp(tx, lease, job, {
        after,
        stepMs: timestampStepMs(registration.productFamily),
        body: (at) => restamped(job.body, at),
      }),
    );
    if (scoredAt !== undefined) job.scoredAt = scoredAt;
    const afterMs = Math.max(0, (scoredAt?.getTime() ?? 0) - Date.now());
    return { kind: 'retry', reason, afterMs };
  }

  private settle(job: Job, outcome: Outcome, httpStatus: number | null, mayHaveArrived: boolean) {
    if (outcome.kind === 'delivered') {
      return settled({
        status: 'delivered',
        reason: null,
        httpStatus,
        mayHaveArrived,
        dueAt: null,
      });
    }
    if (outcome.kind === 'failed') {
      const { reason } = outcome;
      return settled({ status: 'failed', reason, httpStatus, mayHaveArrived, dueAt: null });
    }
    if (outcome.kind !== 'retry') throw new Error(`A ${outcome.kind} is no end of a try.`);
    if (Date.now() - job.firstTriedAt.getTime() > GIVE_UP_MS) {
      const reason = 'gave-up';
      return settled({ status: 'failed', reason, httpStatus, mayHaveArrived, dueAt: null });
    }
    const { retryBaseMs } = this.config;
    const usual = backoffMs(job.attempts, retryBaseMs, MAX_BACKOFF_MS, Math.random());
    // Jitter also on top of what the platform asked for, or all come back at the same moment.
    const waitMs =
      outcome.afterMs === undefined ? usual : outcome.afterMs + Math.random() * retryBaseMs * 0.2;
    const dueAt = new Date(Date.now() + waitMs);
    const { reason } = outcome;
    const pending = settled({ status: 'pending', reason, httpStatus, mayHaveArrived, dueAt });
    return outcome.holdsPlatform === true ? { ...pending, holdUntil: dueAt } : pending;
  }
}

const UNREACHABLE: Outcome = { kind: 'retry', reason: 'unreachable' };

function settled(settlement: Settlement): { settlement: Settlement; holdUntil?: Date } {
  return { settlement };
}

function orphaned(httpStatus: number | null) {
  const reason = 'no-line-item';
  const rest = { mayHaveArrived: false, dueAt: null };
  return settled({ status: 'orphaned', reason, httpStatus, ...rest });
}

function tokenOutcome(error: TokenDenied): Outcome {
  if (error.code === 'scope-not-granted') return { kind: 'failed', reason: error.code };
  if (error.code === 'token-unavailable') return { kind: 'retry', reason: error.code };
  return { kind: 'retry', reason: error.code, afterMs: REFUSED_FOR_MS };
}
