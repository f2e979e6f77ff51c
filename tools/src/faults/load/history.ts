import { createWriteStream, type WriteStream } from 'node:fs';

/**
 * How a try ended: `ok` was answered with success; `fail` was refused for good, so it has no
 * effect; `unknown` was not answered, or by an error that may come after the effect.
 */
export type Outcome = 'ok' | 'fail' | 'unknown';

export interface Try {
  at: string;
  outcome: Outcome;
  /** 0 when there was no answer. */
  status: number;
  code: string;
  /** Of the answer; empty when there was none. */
  requestId: string;
}

/** One thing a client wanted, tried with one Idempotency-Key until the answer was known. */
export interface Operation {
  kind: 'start' | 'submit';
  /** Who tried: the learner, another one (who may not), or the learner a second time. */
  by: 'owner' | 'stranger' | 'owner-again';
  institutionId: string;
  learnerId: string;
  assignmentId: string;
  /** Empty while a start has not been answered. */
  attemptId: string;
  key: string;
  /** Points that the answers saved must come to. */
  expectedPoints: number;
  /** Of the last try: the one the client goes by. */
  outcome: Outcome;
  tries: Try[];
  startedAt: string;
  endedAt: string;
}

/** What every client did and was told: a line of JSON each, in the order in which they ended. */
export class History {
  readonly operations: Operation[] = [];
  private readonly tries: Try[] = [];
  private readonly file: WriteStream;

  constructor(readonly path: string) {
    this.file = createWriteStream(path);
  }

  record(operation: Operation): void {
    this.operations.push(operation);
    this.file.write(`${JSON.stringify(operation)}\n`);
  }

  /** Told as it happens: in an outage the operation goes on until the outage has ended. */
  tried(attempt: Try): void {
    this.tries.push(attempt);
  }

  /** Those that ended since. */
  since(instant: string): Operation[] {
    return this.operations.filter(({ endedAt }) => endedAt >= instant);
  }

  /** How often each status was answered since; 0 stands for no answer. */
  statuses(began = ''): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { at, status } of this.tries) {
      if (at >= began) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    return new Map([...counts].sort(([a], [b]) => a - b));
  }

  submissions(): number {
    return this.operations.filter(({ kind, outcome }) => kind === 'submit' && outcome === 'ok')
      .length;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.file.end(() => resolve()));
  }
}
