import { encodeCursor, newId } from '@parlance/kernel';
import { idCursor, numberCursor } from './cursor.js';

describe('cursors', () => {
  it('come back as what they were made of', () => {
    const id = newId();
    expect(idCursor(encodeCursor([id]))).toBe(id);
    expect(idCursor(undefined)).toBeNull();
    expect(numberCursor(encodeCursor([7]), 0)).toBe(7);
    expect(numberCursor(undefined, 9)).toBe(9);
  });

  it.each([[["x' OR true"]], [[5]], [['a', 'b']]])('refuse an id of %j', (key) => {
    expect(() => idCursor(encodeCursor(key))).toThrow('cursor');
  });

  it.each([[['7']], [[1.5]], [[1e12]]])('refuse a number of %j', (key) => {
    expect(() => numberCursor(encodeCursor(key), 0)).toThrow('cursor');
  });
});
