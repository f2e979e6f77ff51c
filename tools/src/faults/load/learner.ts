import { randomUUID } from 'node:crypto';
import type { Api } from '../../api.js';
import { draw } from '../seeded.js';
import { callUntilKnown, type Told, type Wanted } from './calls.js';
import type { History, Operation } from './history.js';
import type { School } from './school.js';

/** A learner and an assignment: at most one attempt of theirs is in progress. */
export interface Pair {
  school: School;
  learnerId: string;
  assignmentId: string;
}

interface StartedAttempt {
  id: string;
  sections: { items: { slot: number; delivery: { identifier: string } }[] }[];
}

/** Tries of a client that stays at it, through any fault there is. */
const PATIENT = 80;
/** Of all submissions: given up after one try; by a stranger; handed in twice. */
const GIVE_UP = 0.03;
const STRANGER = 0.01;
const TWICE = 0.03;

/** One attempt from start to submission, as a client makes it. */
export class Learner {
  constructor(
    private readonly api: Api,
    private readonly history: History,
    private readonly seed: number,
  ) {}

  /**
   * False when the pair can no longer be used: what became of its attempt is not known. With
   * `isPlain` the learner does nothing out of the ordinary.
   */
  async takeAttempt(pair: Pair, number: number, isPlain = false): Promise<boolean> {
    const chance = (what: string) => draw(this.seed, what, number);
    const does = (what: string, rate: number) => !isPlain && chance(what) < rate;
    const started = await this.start(pair);
    if (started === undefined) return false;
    const answers = started.sections.flatMap(({ items }) =>
      items.map(({ slot, delivery }) => ({ slot, isRight: chance(delivery.identifier) < 0.6 })),
    );
    if (!(await this.save(pair, started.id, answers))) return false;
    const expectedPoints = answers.filter(({ isRight }) => isRight).length;
    const attempt = { pair, attemptId: started.id, expectedPoints };
    if (does('stranger', STRANGER)) {
      await this.submit(attempt, 'stranger', PATIENT);
      return false;
    }
    const patience = does('give up', GIVE_UP) ? 1 : PATIENT;
    const outcome = await this.submit(attempt, 'owner', patience);
    if (outcome === 'ok' && does('twice', TWICE)) {
      await this.submit(attempt, 'owner-again', PATIENT);
    }
    return outcome === 'ok';
  }

  private async start(pair: Pair): Promise<StartedAttempt | undefined> {
    const wanted = this.wanted(pair, 'POST', `/assignments/${pair.assignmentId}/attempts`, {});
    const startedAt = new Date().toISOString();
    const told = await this.call(wanted);
    const attempt = told.outcome === 'ok' ? (told.body as StartedAttempt) : undefined;
    const made = { pair, attemptId: attempt?.id ?? '', expectedPoints: 0 };
    this.record('start', made, 'owner', wanted.key, startedAt, told);
    return attempt;
  }

  private async save(
    pair: Pair,
    attemptId: string,
    answers: { slot: number; isRight: boolean }[],
  ): Promise<boolean> {
    const responses = answers.map(({ slot, isRight }) => ({
      slot,
      sequence: 1,
      responses: { RESPONSE: isRight ? 'right' : 'wrong' },
    }));
    const wanted = this.wanted(pair, 'PUT', `/attempts/${attemptId}/responses`, { responses });
    return (await this.call(wanted)).outcome === 'ok';
  }

  private async submit(
    attempt: { pair: Pair; attemptId: string; expectedPoints: number },
    by: Operation['by'],
    patience: number,
  ): Promise<Operation['outcome']> {
    const { pair, attemptId } = attempt;
    const { school, learnerId } = pair;
    const others = school.learnerIds.filter((id) => id !== learnerId);
    const who = by === 'stranger' ? (others[0] ?? learnerId) : learnerId;
    const wanted = {
      ...this.wanted(pair, 'POST', `/attempts/${attemptId}/submission`, {}),
      token: () => school.learner(who),
      patience,
    };
    const startedAt = new Date().toISOString();
    const told = await this.call(wanted);
    this.record('submit', attempt, by, wanted.key, startedAt, told);
    return told.outcome;
  }

  private call(wanted: Wanted): Promise<Told> {
    return callUntilKnown(this.api, wanted, (attempt) => this.history.tried(attempt));
  }

  private wanted(pair: Pair, method: string, path: string, body: object): Wanted {
    const token = () => pair.school.learner(pair.learnerId);
    return { method, path, body, token, key: randomUUID(), patience: PATIENT };
  }

  private record(
    kind: Operation['kind'],
    attempt: { pair: Pair; attemptId: string; expectedPoints: number },
    by: Operation['by'],
    key: string,
    startedAt: string,
    { outcome, tries }: Told,
  ): void {
    const { school, learnerId, assignmentId } = attempt.pair;
    const { attemptId, expectedPoints } = attempt;
    this.history.record({
      kind,
      by,
      institutionId: school.institutionId,
      learnerId,
      assignmentId,
      attemptId,
      key,
      expectedPoints,
      outcome,
      tries,
      startedAt,
      endedAt: new Date().toISOString(),
    });
  }
}
