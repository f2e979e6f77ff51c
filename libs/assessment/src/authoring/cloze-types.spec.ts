import fc from 'fast-check';
import { SOURCES } from '../../test/sources.js';
import type { CompiledItem } from '../index.js';
import { compileItem, correctResponses, scoreItem } from '../index.js';
import { piecesOf, sentencesOf } from './sentences.js';

function itemOf(source: unknown): CompiledItem {
  const compiled = compileItem(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.item;
}

/** The text as it is shown, a gap as an underscore. */
function shown({ delivery }: CompiledItem): string {
  const read = (node: CompiledItem['delivery']['body'][number]): string =>
    node.kind === 'text' ? node.text : 'children' in node ? node.children.map(read).join('') : '_';
  return delivery.body.map(read).join('¶');
}

const keys = ({ scoring }: CompiledItem) => scoring.responses.map((one) => one.correct?.[0]);

describe('a C-test', () => {
  const cTest = (text: string, given: object = {}) =>
    itemOf({ ...SOURCES['c-test'], text, ...given });
  const text =
    'First stays whole here. The boy saw 2 big dogs, and Ann’s cat in London ran away. ' +
    'I am not well-known.\n\nLast stays whole.';

  test('takes the greater half of every second word that counts', () => {
    const item = cTest(text);
    // Counted: The boy saw big dogs and cat in ran away / am not.
    expect(shown(item)).toBe(
      'First stays whole here. The b_ saw 2 b_ dogs, a_ Ann’s cat i_ London ran aw_. ' +
        'I am n_ well-known.¶Last stays whole.',
    );
    expect(keys(item)).toEqual(['oy', 'ig', 'nd', 'n', 'ay', 'ot']);
  });

  test('leaves whole what is to be skipped, and stops at the most gaps', () => {
    expect(keys(cTest(text, { skip: ['BOY'], maxGaps: 2 }))).toEqual(['aw', 'gs']);
  });

  test('takes the half, the whole word and what the author adds, and forgives no slip', () => {
    const item = cTest(text, { alsoAccept: { 1: ['aby'] } });
    for (const [answer, points] of [
      ['oy', 1],
      ['Boy', 1],
      ['aby', 1],
      ['oyy', 0],
    ] as const) {
      expect(scoreItem(item.scoring, { R1: answer }).points).toBe(points);
    }
  });

  test('of any text answers itself in full', () => {
    const word = fc.stringMatching(/^[a-zäé]{1,9}$/);
    const sentence = fc
      .array(word, { minLength: 4, maxLength: 12 })
      .map((words) => `A${words.join(' ')}.`);
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 3, maxLength: 6 }), (sentences) => {
        const compiled = compileItem({ ...SOURCES['c-test'], text: sentences.join(' ') });
        if (!compiled.ok) {
          expect(compiled.faults).toMatchObject([{ detail: 'no word of it can be damaged' }]);
          return;
        }
        const { scoring } = compiled.item;
        const score = scoreItem(scoring, correctResponses(scoring));
        expect(score.points).toBe(scoring.parts.length);
        expect(score.points).toBe(scoring.pointsPossible);
      }),
    );
  });
});

describe('an open cloze that is generated', () => {
  const text = 'Keep this. one two three four five six Anna eight nine ten (eleven) 12 thirteen';
  const cloze = (given: object) => itemOf({ ...SOURCES['open-cloze'], text, ...given });

  test('takes every nth word after the first sentence, but no name and no number', () => {
    const item = cloze({ text: text.replace('one', 'One'), every: 4 });
    expect(keys(item)).toEqual(['four', 'eight']);
    expect(shown(item)).toContain('Keep this. One two three _ five six Anna _ nine');
  });

  test('stops at the most gaps, and takes what the author adds', () => {
    const item = cloze({
      text: text.replace('one', 'One'),
      every: 5,
      maxGaps: 1,
      alsoAccept: { 1: ['5'] },
    });
    expect(keys(item)).toEqual(['five']);
    expect(scoreItem(item.scoring, { R1: '5' }).points).toBe(1);
  });
});

describe('sentences', () => {
  test.each<[string, string[]]>([
    ['One. Two.', ['One. ', 'Two.']],
    ['Is it? Yes! No.', ['Is it? ', 'Yes! ', 'No.']],
    ['Mr. Smith met Dr. J. Brown. He left.', ['Mr. Smith met Dr. J. Brown. ', 'He left.']],
    ['At 5 p.m. we left. Then?', ['At 5 p.m. we left. ', 'Then?']],
    ['“Go.” “No.” End', ['“Go.” ', '“No.” ', 'End']],
    ['A heading\n\nA text. More', ['A heading\n\n', 'A text. ', 'More']],
    ['It costs 2.50 now. 3 left.', ['It costs 2.50 now. ', '3 left.']],
    ['', ['']],
  ])('%j are %j', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });

  test('and pieces, joined, are the text again, however odd it is', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', '.', ' ', '\n', '”', '!', '1', "'", '-'),
    });
    fc.assert(
      fc.property(text, (given) => {
        expect(sentencesOf(given).join('')).toBe(given);
        expect(
          piecesOf(given)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(given);
      }),
    );
  });

  test('of fifty thousand dots are found at once', () => {
    expect(sentencesOf('.'.repeat(50_000))).toHaveLength(1);
  });
});
