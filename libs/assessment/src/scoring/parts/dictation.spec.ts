import fc from 'fast-check';
import { partItem, partScore } from '../../../test/part-item.js';
import type { DictationScoring } from '../../index.js';

function dictationItem(text: string, given: Partial<DictationScoring> = {}) {
  return partItem(
    {
      kind: 'dictation',
      text,
      ignoreCase: true,
      ignorePunctuation: true,
      spelling: 'any',
      ...given,
    },
    { correct: [text] },
  );
}

const SAID = 'She has been working here for ten years.';

describe('a dictation', () => {
  const item = dictationItem(SAID);

  test('earns 1 less the word error rate: 3 errors in 8 words are .625', () => {
    const part = partScore(item, 'she have been working for ten year');
    expect(part).toMatchObject({ points: 0.625, verdict: 'partial', rule: 'aligned-words' });
    expect(part.trace).toEqual({
      kind: 'dictation',
      words: [
        { kind: 'same', said: 'she', written: 'she' },
        { kind: 'substitution', said: 'has', written: 'have' },
        { kind: 'same', said: 'been', written: 'been' },
        { kind: 'same', said: 'working', written: 'working' },
        { kind: 'deletion', said: 'here' },
        { kind: 'same', said: 'for', written: 'for' },
        { kind: 'same', said: 'ten', written: 'ten' },
        { kind: 'substitution', said: 'years', written: 'year' },
      ],
    });
    expect(part.notes).toBeUndefined();
  });

  test.each<[string, number]>([
    [SAID, 1],
    ['SHE HAS BEEN\u00a0 WORKING here, for ten years', 1],
    ['She has been working here for about ten years', 0.875],
    ['she', 0.125],
    ['nothing of it', 0],
    ['...', 0],
    ['<b>She</b> has been working here for ten years', 0.75],
    ['word '.repeat(15), 0],
    ['word '.repeat(200_000), 0],
  ])('%.60s earns %d', (answer, points) => {
    expect(partScore(item, answer).points).toBe(points);
  });

  test('an added word is an insertion', () => {
    expect(partScore(dictationItem('go home'), 'go back home').trace).toMatchObject({
      words: [{ kind: 'same' }, { kind: 'insertion', written: 'back' }, { kind: 'same' }],
    });
  });

  test('of twice as many words nothing is compared', () => {
    expect(partScore(dictationItem('go home'), 'go go home home').trace).toEqual({
      kind: 'dictation',
      words: [],
    });
    expect(partScore(dictationItem('go home'), 'go home home').points).toBe(0.5);
  });

  test('takes the spelling of either side, and says so', () => {
    const colours = dictationItem('My favourite colour');
    expect(partScore(colours, 'my favorite colour')).toMatchObject({
      points: 1,
      notes: ['spelling-variety'],
      trace: { words: [{}, { kind: 'spelling-variety' }, { kind: 'same' }] },
    });
    expect(partScore(dictationItem('My colour', { spelling: 'en-GB' }), 'my color').points).toBe(
      0.5,
    );
  });

  test('may count case and punctuation', () => {
    const strict = dictationItem('Yes, Ann.', { ignoreCase: false, ignorePunctuation: false });
    expect(partScore(strict, 'Yes, Ann.').points).toBe(1);
    // Of four tokens one is in other case, and two marks are missing.
    expect(partScore(strict, 'yes Ann').points).toBe(0.25);
  });

  test('one more right word never lowers the points', () => {
    const words = SAID.split(' ');
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        fc.nat(7),
        (heard, more) => {
          const write = (right: readonly boolean[]) =>
            words.map((word, at) => (right[at] ? word : 'xyz')).join(' ');
          const before = partScore(item, write(heard)).points ?? -1;
          const after = partScore(item, write(heard.with(more, true))).points ?? -1;
          expect(after).toBeGreaterThanOrEqual(before);
          expect(before).toBe(heard.filter(Boolean).length / 8);
        },
      ),
    );
  });
});
