import { decodeCursor, type Id, isId } from '@parlance/kernel';

/** The id that a list continues from; null at its beginning. */
export function idInCursor(cursor: string | undefined): Id | null {
  if (cursor === undefined) return null;
  const [id] = decodeCursor(cursor, 1);
  // A cursor of another list fails as one that cannot be read does.
  return isId(id) ? id : idInCursor('');
}
