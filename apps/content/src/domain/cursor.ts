import { decodeCursor, type Id, isId, Refusal, storableText } from '@parlance/kernel';

/** The id a list's cursor stands at, null for its start; a refusal when it holds none. */
export function idCursor(cursor: string | undefined): Id | null {
  if (cursor === undefined) return null;
  const [id] = decodeCursor(cursor, 1);
  if (isId(id)) return id;
  throw notOurs();
}

/** The whole number a list's cursor stands at, or `start`. */
export function numberCursor(cursor: string | undefined, start: number): number {
  if (cursor === undefined) return start;
  const [number] = decodeCursor(cursor, 1);
  // PostgreSQL's integer is where every number of ours ends.
  if (Number.isInteger(number) && Math.abs(Number(number)) <= 2_147_483_647) return Number(number);
  throw notOurs();
}

/** The text a list's cursor stands at, or nothing, which is before every other. */
export function textCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const [text] = decodeCursor(cursor, 1);
  if (typeof text === 'string' && text === storableText(text)) return text;
  throw notOurs();
}

function notOurs(): Refusal {
  return new Refusal('invalid', 'invalid-cursor', 'The cursor is not one this list gave out.', [
    { pointer: '/cursor', detail: 'pass nextCursor back unchanged' },
  ]);
}
