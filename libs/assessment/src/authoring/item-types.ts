import { z } from 'zod';
import type { ItemType } from './item-type.js';
import { QUESTION_TYPES, listening } from './listening.js';

/** Every way an item can be written, by its type. */
export const ITEM_TYPES: ReadonlyMap<string, ItemType> = new Map(
  [...QUESTION_TYPES, listening].map((one) => [one.type, one]),
);

/** The JSON Schema (draft 2020-12) of the source of each item type, for editors and OpenAPI. */
export function itemSourceSchemas(): Record<string, object> {
  return Object.fromEntries(
    [...ITEM_TYPES].map(([type, { schema }]) => [type, z.toJSONSchema(schema, { io: 'input' })]),
  );
}
