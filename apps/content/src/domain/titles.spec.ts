import { clippedTitle, MAX_TITLE, titleOf } from './titles.js';

describe('titles', () => {
  it.each([
    ['  Past simple ', 'Past simple'],
    ['a\u0000b', 'ab'],
  ])('typed as %j are %j', (text, expected) => {
    expect(titleOf(text)).toBe(expected);
  });

  it.each(['', '  ', '\u0000'])('typed as %j are refused', (text) => {
    expect(() => titleOf(text)).toThrow('The input does not fit.');
  });

  it('of a package are cut to what fits, never within a character', () => {
    expect(clippedTitle('x'.repeat(MAX_TITLE - 1) + '😀', 'id')).toBe('x'.repeat(MAX_TITLE - 1));
    expect(clippedTitle('x'.repeat(MAX_TITLE + 1), 'id')).toHaveLength(MAX_TITLE);
  });

  it('of a package without one are its identifier', () => {
    expect(clippedTitle(' ', 'item-1')).toBe('item-1');
  });
});
