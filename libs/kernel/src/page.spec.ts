import { decodeCursor, encodeCursor, pageOf } from './page.js';
import { Refusal } from './refusal.js';

describe('a cursor', () => {
  it('comes back as the key it was made of', () => {
    expect(decodeCursor(encodeCursor(['Ünal', 7]), 2)).toEqual(['Ünal', 7]);
  });
  it.each(['', 'x', encodeCursor([1]), encodeCursor([1, 2, 3]), 'bnVsbA', '%00'])(
    'that we did not give out (%s) is refused',
    (cursor) => {
      expect(() => decodeCursor(cursor, 2)).toThrow(Refusal);
    },
  );
});

describe('a page', () => {
  it('has a next cursor only when there is more', () => {
    const key = (row: number) => [row];
    expect(pageOf([1, 2, 3], 2, key)).toEqual({ items: [1, 2], nextCursor: encodeCursor([2]) });
    expect(pageOf([1, 2], 2, key)).toEqual({ items: [1, 2], nextCursor: null });
    expect(pageOf([], 2, key)).toEqual({ items: [], nextCursor: null });
  });
});
