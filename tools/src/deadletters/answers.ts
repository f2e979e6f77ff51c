/** What on-call answers about dead letters. */
export interface Place {
  name: string;
  depth: number | null;
  state: 'looked' | 'missing' | 'away' | 'busy';
}

export interface Group {
  queue: string;
  type: string | null;
  errorCode: string;
  fingerprint: string;
  count: number;
  tooOld: number;
  firstAt: string;
  lastAt: string;
  institutions: number;
  exampleIds: string[];
}

export interface Groups {
  total: number;
  queues: Place[];
  groups: Group[];
  isComplete: boolean;
}

export interface Letter {
  id: string;
  queue: string;
  kind: string;
  service: string;
  eventId: string | null;
  type: string | null;
  institutionId: string | null;
  eventAt: string | null;
  arrivedAt: string;
  traceId: string | null;
  errorCode: string;
  fingerprint: string;
  receiveCount: number | null;
  bytes: number;
}

export interface Letters {
  matched: number;
  letters: Letter[];
  isComplete: boolean;
}

export interface Field {
  name: string;
  bytes: number;
  value: string | null;
}

export interface LetterView {
  letter: Letter;
  attributes: Field[];
  envelope: Field[];
  data: Field[];
  waitingBehind: number | null;
}

export interface DryRun {
  groups: Group[];
  matched: number;
  tooOld: number;
  isComplete: boolean;
}

export interface Run {
  id: string;
  action: 'redrive' | 'discard';
  operator: string;
  reason: string | null;
  filter: Record<string, string>;
  state: 'running' | 'done' | 'stopped' | 'failed' | 'interrupted';
  counts: Record<'redriven' | 'discarded' | 'too-old' | 'failed' | 'not-deleted', number>;
  isComplete: boolean;
  fault: string | null;
  startedAt: string;
  finishedAt: string | null;
}

export interface Pauses {
  pauses: {
    service: string;
    type: string;
    fingerprint: string;
    messages: number;
    pausedAt: string;
  }[];
  away: string[];
}
