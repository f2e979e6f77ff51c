import type { Api } from '../../api.js';
import { pause } from '../arena/wait-until.js';
import type { History } from './history.js';
import { Learner, type Pair } from './learner.js';
import type { School } from './school.js';

export interface LoadPlan {
  api: Api;
  history: History;
  school: School;
  seed: number;
  /** Attempts begun per second at most; fewer when the platform is slower. */
  perSecond: number;
  clients: number;
}

/** Learners at work: so many at once, each taking one attempt after the other, until told to end. */
export class Load {
  private readonly learner: Learner;
  private readonly pairs: Pair[];
  private readonly ending = new AbortController();
  private begun = 0;
  private nextAt = performance.now();
  private readonly working: Promise<unknown>;
  private failure: unknown;

  constructor(private readonly plan: LoadPlan) {
    const { api, history, seed, school, clients } = plan;
    this.learner = new Learner(api, history, seed);
    // Learner after learner for one assignment, then the next: neighbours in time differ.
    this.pairs = school.assignmentIds.flatMap((assignmentId) =>
      school.learnerIds.map((learnerId) => ({ school, learnerId, assignmentId })),
    );
    this.working = Promise.all(Array.from({ length: clients }, () => this.work()));
  }

  /** Attempts begun so far. */
  get count(): number {
    return this.begun;
  }

  /** Ends when everybody has handed in what they began. Rejects when a client broke. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.working;
    if (this.failure !== undefined) throw this.failure;
  }

  private async work(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.turn();
      const pair = this.pairs.shift();
      if (pair === undefined) {
        // All are in other hands.
        await pause(50);
        continue;
      }
      this.begun += 1;
      try {
        if (await this.learner.takeAttempt(pair, this.begun)) this.pairs.push(pair);
      } catch (error) {
        this.failure ??= error;
        this.ending.abort();
      }
    }
  }

  private turn(): Promise<void> {
    const now = performance.now();
    // What was missed while the platform stood still is not made up for in a rush.
    this.nextAt = Math.max(this.nextAt, now - 1000) + 1000 / this.plan.perSecond;
    return pause(Math.max(0, this.nextAt - now));
  }
}
