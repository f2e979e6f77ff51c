import type { FieldFault } from '@parlance/kernel';
import type { z } from 'zod';
import type { ItemDelivery, Stimulus } from '../items/delivery.js';
import type { ScoringSpec, TrySettings } from '../items/scoring-spec.js';
import { sha256 } from '../text/sha256.js';
import { MAX_ITEM_POINTS, itemFields, stimulus, tries } from './fields.js';
import { ItemDraft } from './item-draft.js';
import { ITEM_TYPES } from './item-types.js';
import { paragraphs } from './paragraphs.js';
import { sourceFaults } from './source-faults.js';

/** What an item is once its author's source is split: what is shown, and what scores it. */
export interface CompiledItem {
  delivery: ItemDelivery;
  scoring: ScoringSpec;
  /** What an author should look at, though the item can be used. */
  warnings: string[];
}

type Fields = typeof itemFields & { tries: typeof tries };

export type Compilation = { ok: true; item: CompiledItem } | { ok: false; faults: FieldFault[] };

/**
 * Turns what an author wrote, of any item type, into an item: the same two halves that come of an
 * imported one. Takes anything at all and never throws; the pointers of the faults are within the
 * source.
 */
export function compileItem(source: unknown): Compilation {
  const name = fieldOf(source, 'type');
  const type = typeof name === 'string' ? ITEM_TYPES.get(name) : undefined;
  if (type === undefined) {
    const detail =
      name === 'reading-set' ? 'is a set of items, not an item' : 'is not an item type';
    return { ok: false, faults: [{ pointer: '/type', detail }] };
  }
  const parsed = type.schema.safeParse(source);
  if (!parsed.success) return { ok: false, faults: sourceFaults(parsed.error) };
  const fields = parsed.data as z.output<z.ZodObject<Fields>>;
  const draft = new ItemDraft(fields.identifier);
  const body = type.compile(parsed.data, draft);
  if (draft.faults.length === 0 && draft.pointsPossible > MAX_ITEM_POINTS) {
    draft.fault('/points', `an item is worth at most ${MAX_ITEM_POINTS} points`);
  }
  if (fields.tries !== undefined && draft.parts.some((part) => part.humanScored)) {
    draft.fault('/tries', 'a person marks this item, so nothing can be said of a try');
  }
  if (draft.faults.length > 0) return { ok: false, faults: draft.faults };
  const { identifier, title, language } = fields;
  return {
    ok: true,
    item: {
      delivery: {
        schema: 1,
        identifier,
        title,
        language,
        ...(fields.stimulus === undefined ? {} : { stimulus: stimulusOf(fields.stimulus) }),
        body,
        interactions: draft.interactions,
        ...(fields.tries === undefined ? {} : { tries: fields.tries.max }),
      },
      scoring: scoringOf(identifier, draft, fields.tries),
      warnings: draft.warnings,
    },
  };
}

function scoringOf(
  identifier: string,
  draft: ItemDraft,
  settings: TrySettings | undefined,
): ScoringSpec {
  return {
    schema: 1,
    identifier,
    responses: draft.responses,
    outcomes: [{ identifier: 'SCORE', cardinality: 'single', baseType: 'float' }],
    processing: { kind: 'parts' },
    externalScored: false,
    pointsPossible: draft.pointsPossible,
    parts: draft.parts,
    ...(draft.transcript === undefined ? {} : { transcript: draft.transcript }),
    ...(settings === undefined ? {} : { tries: settings }),
  };
}

/** Named by what it holds, so that the items of a set show it once. */
export function stimulusOf({ title, text }: z.output<typeof stimulus>): Stimulus {
  const body = paragraphs(text);
  return { id: sha256(JSON.stringify([title, body])), title, body };
}

export function fieldOf(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return null;
  return (source as Record<string, unknown>)[name];
}
