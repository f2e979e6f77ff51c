import { storableText } from '@parlance/kernel';

/**
 * A value as it will be after a trip through JSON, with every text, keys included, made storable.
 * A learner's paste may hold NUL, which neither PostgreSQL nor SQS takes.
 */
export function storableData(value: unknown): unknown {
  return clean(JSON.parse(JSON.stringify(value) ?? 'null'));
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storableText(key), clean(inner)]),
  );
}

/** Whether PostgreSQL would refuse some text in it; `json` is the text it was parsed from. */
export function hasUnstorableText(json: string, value: unknown): boolean {
  // Only an escape can bring such a character through SQS; most bodies hold neither of these.
  return /\\u(0000|[dD][89a-fA-F])/.test(json) && containsUnstorable(value);
}

function containsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => containsUnstorable(key) || containsUnstorable(inner),
  );
}
