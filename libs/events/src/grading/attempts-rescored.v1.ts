import { ArrayMaxSize, ArrayMinSize, IsArray, isISO8601, IsUUID } from 'class-validator';
import type { JsonSchema } from '../contracts/json-schema.js';
import { defineEvent } from '../define.js';
import { EachSatisfies } from '../each-satisfies.js';
import type { AttemptScoredData } from './attempt-scored.v2.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const isId = (value: unknown) => typeof value === 'string' && UUID.test(value);
const isInstant = (value: unknown) => typeof value === 'string' && isISO8601(value);
const isFlag = (value: unknown) => typeof value === 'boolean';
const isNumber = (value: unknown) => Number.isFinite(value);
const isInstantIfAny = (value: unknown) =>
  value === undefined || value === null || isInstant(value);
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 1;

/** The fields of AttemptScoredData, and what each of them must be. */
const CHECKS: { [field in keyof Required<AttemptScoredData>]: (value: unknown) => boolean } = {
  attemptId: isId,
  assignmentId: isId,
  classId: isId,
  learnerId: isId,
  attemptNumber: isCount,
  scoreVersion: isCount,
  status: (value) => value === 'provisional' || value === 'final',
  points: isNumber,
  computedPoints: isNumber,
  pointsPossible: (value) => isNumber(value) && (value as number) >= 0,
  overridden: isFlag,
  cause: (value) => typeof value === 'string' && value.length <= 40,
  actorId: (value) => value === null || isId(value),
  submittedAt: isInstant,
  dueAt: isInstantIfAny,
  scoredAt: isInstant,
  scoreReleased: isFlag,
  scoreReleasesAt: isInstantIfAny,
};

function isScore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const score = value as Record<string, unknown>;
  return Object.entries(CHECKS).every(([field, check]) => check(score[field]));
}

const ID: JsonSchema = { type: 'string', format: 'uuid' };
const INSTANT: JsonSchema = { type: 'string', format: 'date-time' };
const INSTANT_IF_ANY: JsonSchema = { type: ['null', 'string'], format: 'date-time' };
const OPTIONAL = new Set(['dueAt', 'scoreReleasesAt']);

/** What `isScore` lets pass. */
const SCORE: JsonSchema = {
  type: 'object',
  properties: {
    attemptId: ID,
    assignmentId: ID,
    classId: ID,
    learnerId: ID,
    attemptNumber: { type: 'integer', minimum: 1 },
    scoreVersion: { type: 'integer', minimum: 1 },
    status: { type: 'string', enum: ['final', 'provisional'] },
    points: { type: 'number' },
    computedPoints: { type: 'number' },
    pointsPossible: { type: 'number', minimum: 0 },
    overridden: { type: 'boolean' },
    cause: { type: 'string', maxLength: 40 },
    actorId: { type: ['null', 'string'], format: 'uuid' },
    submittedAt: INSTANT,
    dueAt: INSTANT_IF_ANY,
    scoredAt: INSTANT,
    scoreReleased: { type: 'boolean' },
    scoreReleasesAt: INSTANT_IF_ANY,
  },
  required: Object.keys(CHECKS)
    .filter((field) => !OPTIONAL.has(field))
    .sort(),
};

export class AttemptsRescoredData {
  @IsUUID() campaignId: string;
  /** New versions of as many attempts, each as `grading.attempt-scored.v2` would tell of it. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @EachSatisfies(isScore, SCORE)
  scores: AttemptScoredData[];
}

/**
 * One event for many attempts: a campaign over a hundred thousand of them would otherwise stand in
 * the way of what learners hand in, in every outbox and queue it goes through.
 */
export const AttemptsRescored = defineEvent({
  type: 'grading.attempts-rescored.v1',
  owner: 'grading',
  consumers: ['gradebook'],
  data: AttemptsRescoredData,
  subject: 'campaignId',
  summary: 'A rescoring campaign has given attempts new score versions, or taken them back.',
});
