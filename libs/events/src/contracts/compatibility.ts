import type { JsonSchema, JsonType } from './json-schema.js';

/** Something about a schema that not everybody who is running would survive. */
export interface BreakingChange {
  /** `$` is the data, `$.items[].slot` a field of its elements, `$.map.*` any value of a map. */
  path: string;
  /** A sentence that says what changed and who would refuse what. */
  message: string;
}

/**
 * What keeps `after` from being a minor version of `before`; empty when it is one. Producers and
 * consumers are renewed one after the other and check with the class they were built with, so
 * both ways must hold: what a new producer writes is read by an old consumer, and what was written
 * before (queues, dead letters, replays) is read by a new one. What a field may hold therefore
 * neither grows nor shrinks; all that is left to a minor version is a new optional field, which old
 * consumers pass over and new ones do without.
 */
export function breakingChanges(
  before: JsonSchema,
  after: JsonSchema,
  path = '$',
): BreakingChange[] {
  const pair: Pair = { before, after, path };
  return [
    ...unknownWords(pair),
    ...typeChanges(pair),
    ...enumChanges(pair),
    ...boundChanges(pair),
    ...exactChanges(pair),
    ...fieldChanges(pair),
    ...requiredChanges(pair),
    ...mapChanges(pair),
    ...itemChanges(pair),
  ];
}

interface Pair {
  before: JsonSchema;
  after: JsonSchema;
  path: string;
}

const grows = (path: string, what: string): BreakingChange => ({
  path,
  message: `${path} ${what}: consumers that run the version before would refuse it.`,
});

const shrinks = (path: string, what: string): BreakingChange => ({
  path,
  message: `${path} ${what}: events published before would be refused.`,
});

const LOWER = ['minimum', 'minLength', 'minItems'] as const;
const UPPER = ['maximum', 'maxLength', 'maxItems'] as const;
const EXACT = ['format', 'pattern', 'multipleOf'] as const;
const WORDS = new Set<string>([...LOWER, ...UPPER, ...EXACT, '$schema', 'type', 'enum', 'items']);
for (const word of ['properties', 'required', 'additionalProperties']) WORDS.add(word);

/** A keyword these rules do not know might mean anything, so it is let through by nobody. */
function unknownWords({ before, after, path }: Pair): BreakingChange[] {
  const words = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...words]
    .filter((word) => !WORDS.has(word))
    .map((word) => ({ path, message: `${path} has ${word}, which no rule here judges.` }));
}

const TYPES: JsonType[] = ['array', 'boolean', 'null', 'number', 'object', 'string'];

function typesOf({ type }: JsonSchema): JsonType[] {
  if (type === undefined) return TYPES;
  return Array.isArray(type) ? type : [type];
}

function typeChanges({ before, after, path }: Pair): BreakingChange[] {
  const isIn = (types: JsonType[]) => (type: JsonType) =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  const added = typesOf(after).filter((type) => !isIn(typesOf(before))(type));
  const removed = typesOf(before).filter((type) => !isIn(typesOf(after))(type));
  return [
    ...added.map((type) => grows(path, `may now be ${type}`)),
    ...removed.map((type) => shrinks(path, `may no longer be ${type}`)),
  ];
}

function enumChanges({ before, after, path }: Pair): BreakingChange[] {
  if (before.enum === undefined && after.enum === undefined) return [];
  if (before.enum === undefined) return [shrinks(path, 'is now one of a few values')];
  if (after.enum === undefined) return [grows(path, 'is no longer one of a few values')];
  const added = after.enum.filter((value) => !before.enum?.includes(value));
  const removed = before.enum.filter((value) => !after.enum?.includes(value));
  return [
    ...added.map((value) => grows(path, `may now be ${JSON.stringify(value)}`)),
    ...removed.map((value) => shrinks(path, `may no longer be ${JSON.stringify(value)}`)),
  ];
}

function boundChanges({ before, after, path }: Pair): BreakingChange[] {
  const changed = (word: keyof JsonSchema, sign: 1 | -1, none: number): BreakingChange[] => {
    const [was, is] = [before[word] as number | undefined, after[word] as number | undefined];
    if (was === is) return [];
    const what = `has ${word} ${is ?? 'none'} instead of ${was ?? 'none'}`;
    const isWider = sign * ((is ?? none) - (was ?? none)) > 0;
    return [isWider ? grows(path, what) : shrinks(path, what)];
  };
  return [
    ...LOWER.flatMap((word) => changed(word, -1, -Infinity)),
    ...UPPER.flatMap((word) => changed(word, 1, Infinity)),
  ];
}

function exactChanges({ before, after, path }: Pair): BreakingChange[] {
  return EXACT.filter((word) => before[word] !== after[word]).map((word) => {
    const what = `has ${word} ${after[word] ?? 'none'} instead of ${before[word] ?? 'none'}`;
    return after[word] === undefined ? grows(path, what) : shrinks(path, what);
  });
}

function fieldChanges({ before, after, path }: Pair): BreakingChange[] {
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  const isOpen = (before.additionalProperties ?? true) === true;
  return [
    ...Object.entries(old).flatMap(([name, schema]) => {
      const at = `${path}.${name}`;
      const next = Object.hasOwn(now, name) ? now[name] : undefined;
      if (next !== undefined) return breakingChanges(schema, next, at);
      return [{ path: at, message: `${at} is gone: consumers that read it would miss it.` }];
    }),
    ...Object.keys(now)
      .filter((name) => !Object.hasOwn(old, name) && !isOpen)
      .map((name) => grows(`${path}.${name}`, 'is new where unknown fields are not allowed')),
  ];
}

function requiredChanges({ before, after, path }: Pair): BreakingChange[] {
  const [old, now] = [before.required ?? [], after.required ?? []];
  const isKept = (name: string) => Object.hasOwn(after.properties ?? {}, name);
  return [
    ...now
      .filter((name) => !old.includes(name))
      .map((name) => shrinks(`${path}.${name}`, 'is now required')),
    ...old
      .filter((name) => !now.includes(name) && isKept(name))
      .map((name) => grows(`${path}.${name}`, 'may now be left out')),
  ];
}

function mapChanges({ before, after, path }: Pair): BreakingChange[] {
  const at = `${path}.*`;
  const [was, is] = [before.additionalProperties ?? true, after.additionalProperties ?? true];
  if (was === is) return [];
  if (typeof was === 'object' && typeof is === 'object') return breakingChanges(was, is, at);
  return was === true || is === false
    ? [shrinks(at, 'is no longer free')]
    : [grows(at, 'is freer than before')];
}

function itemChanges({ before, after, path }: Pair): BreakingChange[] {
  if (before.items === undefined && after.items === undefined) return [];
  return breakingChanges(before.items ?? {}, after.items ?? {}, `${path}[]`);
}
