import { storableText } from '@parlance/kernel';

/**
 * JSON of a value in one form whatever the order in which its fields were set: keys in code unit
 * order, no white space, absent fields left out (as RFC 8785 has it), and every text storable.
 * Throws on a number that JSON cannot hold, for two such values would look alike.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(storableText(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('A number that is not finite has no JSON.');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new Error(`A ${typeof value} has no JSON.`);
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(storableText(key))}:${canonicalJson(inner)}`);
  return `{${fields.join(',')}}`;
}
