import type { Operation } from '../load/history.js';

/** A committed row of an outbox. */
export interface EventFact {
  eventId: string;
  owner: string;
  type: string;
  subject: string;
  version: number;
  traceId: string | null;
  causationId: string | null;
  isPublished: boolean;
  isFailed: boolean;
}

/** How often an inbox says that its service applied an event. */
export interface ApplicationFact {
  consumer: string;
  eventId: string;
  type: string;
  traceId: string | null;
  times: number;
}

export interface AttemptFact {
  attemptId: string;
  assignmentId: string;
  learnerId: string;
  status: 'in-progress' | 'submitted';
  submissionKey: string | null;
  traceId: string | null;
}

export interface ScoreFact {
  attemptId: string;
  version: number;
  status: string;
  points: number;
  /** Every version ever written, first come first. */
  versions: { version: number; cause: string; points: number; traceId: string | null }[];
}

export interface CellFact {
  cellId: string;
  classId: string;
  assignmentId: string;
  learnerId: string;
  version: number;
  /** The attempt that counts, and its points. */
  attemptId: string;
  points: number | null;
  attempts: Record<string, { scoreVersion: number; points: number }>;
  /** By version. */
  history: { version: number; attemptId: string; points: number | null; traceId: string | null }[];
}

/** What lti knows of a cell. */
export interface KnownCellFact {
  cellId: string;
  version: number;
  points: number | null;
}

/** The newest version a projection has seen of a subject. */
export interface ProjectionFact {
  service: string;
  consumer: string;
  type: string;
  subject: string;
  version: number;
}

/** A dead letter as it lies in its queue. */
export interface LetterFact {
  queue: string;
  /** `ce_id` of its attributes; undefined when it has none. */
  eventId: string | undefined;
  code: string | undefined;
  body: string;
  attributes: Record<string, string>;
}

/** A message that a fault put on a queue itself. */
export interface PlantedFact {
  name: string;
  /** Where it must end; undefined: it must be handled. */
  deadLetterQueue: string | undefined;
  /** Reasons that are right; empty where the queue itself may have given it up. */
  codes: string[];
  eventId: string | undefined;
  body: string;
  attributes: Record<string, string>;
}

/** What a teacher sees for a class: each learner's total. */
export interface TotalFact {
  classId: string;
  learnerId: string;
  points: number;
}

/** Everything there is to judge by once nothing is under way any more. */
export interface Facts {
  operations: readonly Operation[];
  /** Consumers of each event type, as the registry says. */
  consumersOf: ReadonlyMap<string, readonly string[]>;
  events: EventFact[];
  applications: ApplicationFact[];
  attempts: AttemptFact[];
  scores: ScoreFact[];
  cells: CellFact[];
  knownCells: KnownCellFact[];
  projections: ProjectionFact[];
  letters: LetterFact[];
  planted: PlantedFact[];
  totals: TotalFact[];
}
