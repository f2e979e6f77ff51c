/** What the messages of one queue ask of their handler; see `scenarios.ts`. */
export interface BenchData {
  scoreId: string;
  points: number;
  /** Milliseconds for which handling waits, as it would for another system; 0 for none. */
  waitMs: number;
  /** By the clock of the machine, in milliseconds: when it was due to be sent. */
  dueAtMs: number;
  remark: string;
}

/** As much of an envelope as contestants look at. */
export interface BenchEvent {
  id: string;
  type: string;
  tenant: string;
  subject: string;
  sequence: number;
  data: BenchData;
}

/** Messages that a contestant is to handle. */
export interface Load {
  /** Of the topology that was made for it. */
  prefix: string;
  topicArn: string;
  queueUrl: string;
  queueName: string;
  messages: number;
}

/** What a contestant's process is told before it begins. */
export interface Job {
  endpoint: string;
  /** Where effects are written; undefined when the scenario has none. */
  database: { ownerUrl: string; appUrl: string } | undefined;
  /** Of this contestant in this scenario, e.g. how many instances. */
  settings: Readonly<Record<string, unknown>>;
  /** A queue of its own, handled and dropped before the clock starts. */
  warmUp: Load;
  main: Load;
}

/** Ages in milliseconds, from when a message was due to when it had been handled. */
export interface Age {
  tenant: string;
  ms: number;
}

export interface ContestantReport {
  /** Calls of the handler that ended. */
  handled: number;
  /** Messages handled at least once. */
  distinct: number;
  /** Of the whole process, from the start of the clock until the last message was handled. */
  cpuMs: number;
  ages: Age[];
  /** What the contestant says of itself, for whoever asks why. */
  notes: string[];
}

export type ToContestant = { kind: 'prepare'; job: Job } | { kind: 'go' } | { kind: 'stop' };

export type FromContestant =
  | { kind: 'ready' }
  /** Every message has been handled; deletions may be under way. */
  | { kind: 'done' }
  | { kind: 'report'; report: ContestantReport }
  | { kind: 'failed'; message: string };
