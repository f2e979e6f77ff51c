import fc from 'fast-check';
import { skillSet, wordingSet } from './tags.js';

describe('topics and can-do statements', () => {
  it.each([
    [[' Food  and\tDrink '], ['food and drink']],
    [['travel', 'TRAVEL', 'Ｔravel'], ['travel']],
    [
      ['b', 'a', 'b'],
      ['a', 'b'],
    ],
    [['', ' ', '\u0000', '\u200b'], []],
    [['caf\u0065\u0301'], ['café']],
  ])('%j are kept as %j', (texts, expected) => {
    expect(wordingSet(texts)).toEqual(expected);
  });

  it('stay as they are when they are kept again', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const kept = wordingSet(texts);
        expect(wordingSet(kept)).toEqual(kept);
      }),
    );
  });
});

test('skills are kept once, in one order', () => {
  expect(skillSet(['writing', 'listening', 'writing'])).toEqual(['listening', 'writing']);
});
