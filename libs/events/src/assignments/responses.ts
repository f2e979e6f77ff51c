import type { JsonSchema } from '../contracts/json-schema.js';

/** Responses of `@parlance/assessment`: response id to string, strings or null. */
export type EventResponses = Record<string, string | string[] | null>;

export function isResponses(value: unknown): value is EventResponses {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(isResponse);
}

function isResponse(value: unknown): boolean {
  if (value === null || typeof value === 'string') return true;
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** What `isResponses` lets pass. */
export const RESPONSES: JsonSchema = {
  type: 'object',
  additionalProperties: { type: ['array', 'null', 'string'], items: { type: 'string' } },
};
