import { z } from 'zod';
import type { BodyNode } from '../items/body.js';
import { itemFields, questionFields, tries } from './fields.js';
import type { ItemDraft } from './item-draft.js';
import { mediaNodes } from './media-nodes.js';
import { paragraphs } from './paragraphs.js';

/** Media, instructions and points: what any question may have. */
export interface Question {
  type: string;
  points?: number;
}

/** One way to ask: what an author writes, and what it becomes. */
export interface ItemType {
  type: string;
  /** The source of a whole item of this type. */
  schema: z.ZodType;
  /** The source of the same as one question of several. */
  questionSchema: z.ZodType;
  /** Adds the parts of a source that has passed the schema, and gives what is shown. */
  compile(source: unknown, draft: ItemDraft): BodyNode[];
}

export function itemType<T extends string, F extends z.core.$ZodLooseShape>(given: {
  type: T;
  about: string;
  fields: F;
  compile(source: z.output<z.ZodObject<F, z.core.$strict>>, draft: ItemDraft): BodyNode[];
}): ItemType {
  const fields = { type: z.literal(given.type), ...questionFields, ...given.fields };
  return {
    type: given.type,
    schema: z.strictObject({ ...fields, ...itemFields, tries }).describe(given.about),
    questionSchema: z.strictObject(fields),
    compile(source, draft) {
      const { media, instructions, points } = source as {
        media: z.output<(typeof questionFields)['media']>;
        instructions?: string;
        points?: number;
      };
      const from = draft.parts.length;
      const shown = [
        ...mediaNodes(media, draft),
        ...(instructions === undefined ? [] : paragraphs(instructions)),
        ...given.compile(source as z.output<z.ZodObject<F, z.core.$strict>>, draft),
      ];
      if (points !== undefined) draft.sharePoints(points, from);
      return shown;
    },
  };
}
