import { newId } from '@parlance/kernel';
import {
  startTestService,
  TEST_OPERATOR_SECRET,
  type TestAnswer,
  type TestService,
} from '@parlance/platform/testing';
import { LetterRuns } from '../src/letter-runs.js';
import { oncall } from '../src/oncall.module.js';
import { FakeService } from './fake-services.js';
import { LetterQueues, SCORED } from './letter-queues.js';

export const OPERATOR = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
export const TRACE = '0af7651916cd43dd8448eb211c80319c';

type Body = Record<string, unknown>;

/** On-call with queues that hold letters, and a grading service with events SNS refused. */
export class OncallBench {
  service: TestService;
  grading: FakeService;
  queues: LetterQueues;
  failedEvents: ReturnType<typeof refusedEvent>[] = [];
  /** What the grading service was told to do about them. */
  told: [string, Body][] = [];

  /** Registers the hooks of the file. */
  install(): this {
    beforeAll(async () => {
      this.grading = await FakeService.start(this.answers());
      const env = { GRADING_URL: this.grading.url, ONCALL_PATIENCE_MS: '1000' };
      this.service = await startTestService(oncall, { env });
      this.queues = await LetterQueues.make(this.service);
    });
    beforeEach(() => {
      this.told = [];
      this.failedEvents = [];
    });
    afterAll(async () => {
      this.queues?.stop();
      await this.service?.stop();
      await this.grading?.stop();
    });
    return this;
  }

  get(path: string): Promise<TestAnswer> {
    return this.service.request('GET', `/dead-letters${path}`, { headers: OPERATOR });
  }

  post(path: string, body: unknown): Promise<TestAnswer> {
    return this.service.request('POST', `/dead-letters${path}`, { headers: OPERATOR, body });
  }

  /** Runs an order to its end. */
  async finished(path: 'redrives' | 'discards', body: object) {
    const begun = await this.post(`/${path}`, { dryRun: false, operator: 'Ada', ...body });
    expect(begun.status).toBe(202);
    await this.service.get(LetterRuns).settled();
    const { run, letters } = (await this.get(`/audit/${begun.body.id}`)).body;
    return { run, letters };
  }

  async countOf(fingerprint: string): Promise<number> {
    return (await this.get(`/letters?fingerprint=${fingerprint}`)).body.matched;
  }

  private answers(): Record<string, unknown> {
    const pause = { type: SCORED, fingerprint: 'f', messages: 5 };
    return {
      'internal/outbox/failed': () => ({ events: this.failedEvents, isComplete: true }),
      'internal/outbox/requeue': (body: Body) => this.settle('requeue', body),
      'internal/outbox/skip': (body: Body) => this.settle('skip', body),
      'internal/consumer/pauses': {
        pauses: [{ ...pause, pausedAt: '2026-01-01T00:00:00.000Z' }],
      },
      'internal/consumer/resume': ({ type }: Body) => ({ resumed: type === SCORED }),
    };
  }

  private settle(what: string, body: Body) {
    this.told.push([what, body]);
    const before = this.failedEvents.length;
    const ids = body.eventIds as string[];
    this.failedEvents = this.failedEvents.filter(({ eventId }) => !ids.includes(eventId));
    return { events: before - this.failedEvents.length };
  }
}

/** A fingerprint no other test uses. */
export const unique = () => newId().replaceAll('-', '').slice(-16);

export function refusedEvent(eventId = newId()) {
  return {
    eventId,
    type: SCORED,
    key: 'k',
    institutionId: newId(),
    traceId: TRACE,
    attempts: 1,
    lastError: 'InvalidParameter',
    createdAt: '2026-01-01T00:00:00+00:00',
    failedAt: '2026-01-01T00:00:01+00:00',
    waiting: 3,
    dataFields: { essay: 400 },
  };
}
