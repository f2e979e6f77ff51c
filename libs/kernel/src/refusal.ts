/** What each refusal means to the caller; the number is the HTTP status it becomes. */
export const REFUSAL_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  unprocessable: 422,
  'precondition-required': 428,
  'too-many-requests': 429,
  unavailable: 503,
} as const;

export type RefusalKind = keyof typeof REFUSAL_STATUS;

/** One fault in the input: `pointer` is an RFC 6901 JSON pointer into the request body. */
export interface FieldFault {
  pointer: string;
  detail: string;
}

/**
 * Something a caller can cause: a stable machine code, a sentence for a person, and a kind that
 * decides the status. Anything else that is thrown is our bug and becomes a 500.
 */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    /** Stable, kebab-case, never translated: clients switch on it. */
    readonly code: string,
    detail: string,
    readonly faults: FieldFault[] = [],
    /** Seconds after which a retry makes sense; sent as Retry-After. */
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
    this.name = 'Refusal';
  }

  get status(): number {
    return REFUSAL_STATUS[this.kind];
  }
}

export function notFound(noun: string): Refusal {
  return new Refusal('not-found', `${noun.replaceAll(' ', '-')}-not-found`, `No such ${noun}.`);
}
