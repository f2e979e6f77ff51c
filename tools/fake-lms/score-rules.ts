import { isJsonObject } from './compact-jwt.js';
import type { JsonObject } from './compact-jwt.js';
import type { Dialect } from './dialect.js';

export interface Score {
  readonly userId: string;
  readonly timestamp: string;
  readonly scoredAtMs: number;
  readonly scoreGiven: number | undefined;
  readonly scoreMaximum: number | undefined;
  readonly activityProgress: string;
  readonly gradingProgress: string;
  readonly comment: string | undefined;
  readonly scoringUserId: string | undefined;
  /** Keys that are full URLs: extensions of a vendor. */
  readonly extensions: JsonObject;
}

export interface ScoreRefusal {
  readonly status: number;
  readonly message: string;
}

const activityProgresses = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'];
const gradingProgresses = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'];
const knownKeys = new Set([
  'userId',
  'timestamp',
  'scoreGiven',
  'scoreMaximum',
  'activityProgress',
  'gradingProgress',
  'comment',
  'scoringUserId',
  'submission',
]);
const FUTURE_LIMIT_MS = 60_000;
const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** Reads a score as AGS 2.0 section 3.4 describes it, as severely as the dialect does. */
export function readScore(
  body: unknown,
  dialect: Dialect,
  nowMs: number,
): { score: Score } | { refusal: ScoreRefusal } {
  if (!isJsonObject(body)) return refuse(400, 'The score is not a JSON object.');
  const userId = readUserId(body['userId'], dialect);
  if (userId === undefined) return refuse(400, 'userId is missing.');
  const { timestamp, activityProgress, gradingProgress } = body;
  if (typeof timestamp !== 'string') return refuse(400, 'timestamp is missing.');
  const scoredAtMs = instantPattern.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(scoredAtMs)) return refuse(400, 'timestamp is not an ISO 8601 instant.');
  if (typeof activityProgress !== 'string') return refuse(400, 'activityProgress is missing.');
  if (typeof gradingProgress !== 'string') return refuse(400, 'gradingProgress is missing.');
  const refusal =
    refusePoints(body, dialect) ??
    (dialect.checksScoreShape ? refuseShape(body, scoredAtMs, nowMs) : undefined) ??
    (dialect.name === 'canvas' ? refuseFutureSubmission(body, nowMs) : undefined);
  if (refusal) return { refusal };
  return {
    score: {
      userId,
      timestamp,
      scoredAtMs,
      activityProgress,
      gradingProgress,
      scoreGiven: optionalNumber(body['scoreGiven']),
      scoreMaximum: optionalNumber(body['scoreMaximum']),
      comment: optionalText(body['comment']),
      scoringUserId: optionalText(body['scoringUserId']),
      extensions: Object.fromEntries(Object.entries(body).filter(([key]) => isUrlKey(key))),
    },
  };
}

function readUserId(value: unknown, dialect: Dialect): string | undefined {
  if (dialect.name === 'moodle' && typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refusePoints(body: JsonObject, dialect: Dialect): ScoreRefusal | undefined {
  const { scoreGiven, scoreMaximum } = body;
  if (scoreGiven !== undefined && scoreGiven !== null) {
    if (typeof scoreGiven !== 'number') return bad('scoreGiven is not a number.');
    if (scoreMaximum === undefined || scoreMaximum === null) {
      const message = 'scoreGiven needs scoreMaximum.';
      return { status: dialect.statuses.scoreWithoutMaximum, message };
    }
    if (scoreGiven < 0 && dialect.name !== 'moodle') return bad('scoreGiven is negative.');
  }
  if (scoreMaximum === undefined || scoreMaximum === null) return undefined;
  const isPositive = typeof scoreMaximum === 'number' && scoreMaximum > 0;
  return isPositive ? undefined : bad('scoreMaximum is not above zero.');
}

/** Rules of the specification that vendors are known to leave unchecked. */
function refuseShape(
  body: JsonObject,
  scoredAtMs: number,
  nowMs: number,
): ScoreRefusal | undefined {
  const unknown = Object.keys(body).find((key) => !knownKeys.has(key) && !isUrlKey(key));
  if (unknown !== undefined) return bad(`The score has an unknown property "${unknown}".`);
  if (!activityProgresses.includes(String(body['activityProgress']))) {
    return bad('activityProgress is none of the five values.');
  }
  if (!gradingProgresses.includes(String(body['gradingProgress']))) {
    return bad('gradingProgress is none of the five values.');
  }
  if (!String(body['timestamp']).includes('.')) return bad('timestamp lacks sub-second precision.');
  if (scoredAtMs > nowMs + FUTURE_LIMIT_MS) return bad('timestamp lies in the future.');
  if ('comment' in body && typeof body['comment'] !== 'string') return bad('comment is not text.');
  if ('scoringUserId' in body && !optionalText(body['scoringUserId'])) {
    return bad('scoringUserId is empty.');
  }
  return 'submission' in body ? refuseSubmission(body['submission']) : undefined;
}

function refuseSubmission(submission: unknown): ScoreRefusal | undefined {
  if (!isJsonObject(submission)) return bad('submission is not an object.');
  const startedAtMs = Date.parse(String(submission['startedAt']));
  const submittedAtMs = Date.parse(String(submission['submittedAt']));
  return submittedAtMs < startedAtMs ? bad('submittedAt lies before startedAt.') : undefined;
}

function refuseFutureSubmission(body: JsonObject, nowMs: number): ScoreRefusal | undefined {
  const submission = body['submission'];
  const submittedAt = isJsonObject(submission) ? submission['submittedAt'] : undefined;
  const isFuture = Date.parse(String(submittedAt)) > nowMs + FUTURE_LIMIT_MS;
  return isFuture ? bad('submittedAt lies in the future.') : undefined;
}

function isUrlKey(key: string): boolean {
  return /^https?:\/\//.test(key);
}

function optionalNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function bad(message: string): ScoreRefusal {
  return { status: 400, message };
}

function refuse(status: number, message: string): { refusal: ScoreRefusal } {
  return { refusal: { status, message } };
}
