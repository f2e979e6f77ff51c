import type { FieldFault } from '@parlance/kernel';
import { z } from 'zod';
import { compileItem, fieldOf } from './compile-item.js';
import type { CompiledItem } from './compile-item.js';
import { itemFields } from './fields.js';
import { sourceFaults } from './source-faults.js';

const MAX_SET_ITEMS = 50;

/** A passage with the items about it; each item is a source of any type, without a stimulus. */
export const readingSetSchema = z
  .strictObject({
    type: z.literal('reading-set'),
    ...itemFields,
    stimulus: itemFields.stimulus.unwrap(),
    items: z
      .array(z.looseObject({ type: z.string() }))
      .min(1)
      .max(MAX_SET_ITEMS),
  })
  .describe('A passage that several items ask about; becomes that many items.');

export type SetCompilation =
  | { ok: true; identifier: string; title: string; items: CompiledItem[] }
  | { ok: false; faults: FieldFault[] };

/**
 * Turns a passage and the items about it into items that each carry the passage as their stimulus,
 * under one id, so that they are shown beside it once and can still be drawn, scored and corrected
 * one by one. Takes anything at all and never throws.
 */
export function compileSet(source: unknown): SetCompilation {
  const parsed = readingSetSchema.safeParse(source);
  if (!parsed.success) return { ok: false, faults: sourceFaults(parsed.error) };
  const { identifier, title, language, stimulus, items } = parsed.data;
  const faults: FieldFault[] = [];
  const compiled = items.flatMap((member, index): CompiledItem[] => {
    const at = `/items/${index}`;
    if (fieldOf(member, 'stimulus') !== null) {
      faults.push({ pointer: `${at}/stimulus`, detail: 'is that of the set' });
    }
    const result = compileItem({ language, ...member, stimulus });
    if (result.ok) return [result.item];
    faults.push(...result.faults.map((one) => ({ ...one, pointer: at + one.pointer })));
    return [];
  });
  const names = compiled.map((one) => one.delivery.identifier);
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    faults.push({ pointer: '/items', detail: `two items are called "${name}"` });
  });
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, identifier, title, items: compiled };
}
