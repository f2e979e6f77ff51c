import fc from 'fast-check';
import { NULL, integer, valueOf } from '../../test/expressions.js';
import {
  pointsFor,
  response,
  setScore,
  spec,
  text,
  variable,
  when,
  float,
} from '../../test/specs.js';
import { patternFault, scoreItem } from '../index.js';
import { minus, union } from './character-sets.js';
import { MAX_PATTERN_LENGTH, patternMatches } from './pattern.js';

describe('patterns of XML Schema', () => {
  test.each<[string, string, boolean]>([
    ['went', 'went', true],
    ['went', 'he went', false],
    ['went', 'went home', false],
    ['wen(t|ds?)', 'wends', true],
    ['wen(t|ds?)', 'wen', false],
    ['a|', '', true],
    ['', '', true],
    ['colou?r(s|ed)?', 'coloured', true],
    ['\\d{2,3}', '123', true],
    ['\\d{2,3}', '1', false],
    ['\\d{2,}', '1234', true],
    ['\\d{2}', '123', false],
    ['\\d', '\u0663', true],
    ['\\D+', 'ab1', false],
    ['\\s\\S', ' a', true],
    ['\\s', '\u00a0', true],
    ['\\w+', 'na\u00efve', true],
    ['\\w+', 'a-b', false],
    ['\\W', '-', true],
    ['\\i\\c*', '_a-1.b', true],
    ['\\i\\c*', '1a', false],
    ['\\I', '1', true],
    ['\\C', ' ', true],
    ['\\C', 'a', false],
    ['^a$', 'a', false],
    ['^a$', '^a$', true],
    ['a.c', 'abc', true],
    ['a.c', 'a\nc', false],
    ['a.c', 'a\rc', false],
    ['a\\.c', 'abc', false],
    ['a\\.c', 'a.c', true],
    ['\\\\\\|\\-\\?\\*\\+\\{\\}\\(\\)\\[\\]\\^', '\\|-?*+{}()[]^', true],
    ['\\n\\r\\t', '\n\r\t', true],
    ['\\$5', '$5', true],
    ['[abc]+', 'cab', true],
    ['[a-c]+', 'cabd', false],
    ['[^a-c]+', 'xyz', true],
    ['[^a-c]+', 'xaz', false],
    ['[a-z-[aeiou]]+', 'rhythm', true],
    ['[a-z-[aeiou]]+', 'rhyme', false],
    ['[a-z-[aeiou-[e]]]+', 'rhyme', true],
    ['[\\p{L}-[a-z]]', 'A', true],
    ['[\\p{L}-[a-z]]', 'a', false],
    ['[\\w-[\\d]]+', 'abc', true],
    ['[\\w-[\\d]]+', 'abc1', false],
    ['[\\-a]+', 'a-', true],
    ['[a-]+', 'a-', true],
    ['[-a]+', 'a-', true],
    ['[\\]\\[]+', '[]', true],
    ['[+\\-]?\\d+', '-5', true],
    ['[\\t-\\n]', '\n', true],
    ['\\p{Lu}\\p{Ll}+', 'London', true],
    ['\\p{Lu}\\p{Ll}+', 'london', false],
    ['\\P{Lu}+', 'london', true],
    ['\\P{Lu}+', 'London', false],
    ['\\p{IsBasicLatin}+', 'cafe', true],
    ['\\p{IsBasicLatin}+', 'caf\u00e9', false],
    ['\\P{IsBasicLatin}', '\u00e9', true],
    ['\\p{IsCyrillic}+', '\u043c\u0438\u0440', true],
    ['\\p{IsHangulSyllables}', '\ud7af', true],
    ['\\p{IsHangulSyllables}', '\ud7b0', false],
    ['\\p{IsLatin-1Supplement}', '\u0080', true],
    ['\\p{IsLatin-1Supplement}', '\u007f', false],
    ['.', '\ud83d\udc4b', true],
    ["don't", 'don\u2019t', true],
    ['don\u2019t', "don't", true],
    ['caf\u00e9', 'cafe\u0301', true],
    ['(a)\\-\\1', 'a-a', false],
    ['\\p{C}-[a]', 'a', false],
    ['(?:a)', 'a', false],
    ['(?i)a', 'A', false],
  ])('%s and "%s"', (pattern, given, expected) => {
    const answer = patternMatches(pattern, given);
    // A pattern that cannot be used matches nothing; which ones those are is asked below.
    expect(answer ?? false).toBe(expected);
  });

  test.each([
    ['*a', '"*" has nothing to repeat.'],
    ['a|+', '"+" has nothing to repeat.'],
    ['(?:a)', '"?" has nothing to repeat.'],
    ['a*?', '"?" has nothing to repeat.'],
    ['a**', '"*" has nothing to repeat.'],
    ['a{2', 'The pattern ends too early.'],
    ['a{,2}', '"{,2}" is no number of repetitions.'],
    ['a{3,2}', '"{3,2}" is no number of repetitions.'],
    ['a{x}', '"{x}" is no number of repetitions.'],
    ['a{}', '"{}" is no number of repetitions.'],
    ['a{1001}', 'The pattern is not one that can be matched in linear time.'],
    ['(a', 'A "(" is not closed.'],
    ['a)', 'A ")" closes nothing.'],
    ['a)(', 'A ")" closes nothing.'],
    ['[a', 'The pattern ends too early.'],
    ['[]', 'A class is empty.'],
    ['a]', '"]" needs a backslash before it.'],
    ['a}', '"}" needs a backslash before it.'],
    ['[z-a]', '"z-a" is no range of characters.'],
    ['[a-\\d]', '"a-\\" is no range of characters.'],
    ['[a[b]', '"[" within a class needs a backslash before it.'],
    ['[a-[b]c]', 'A subtraction must end its class.'],
    ['\\', 'The pattern ends too early.'],
    ['\\1', '"\\1" is no set of characters.'],
    ['\\b', '"\\b" is no set of characters.'],
    ['\\pL', '"\\p" needs a name in braces.'],
    ['\\p{Xx}', '"Xx" is no set of characters.'],
    ['\\p{IsKlingon}', '"IsKlingon" is no set of characters.'],
    ['\\p{Isconstructor}', '"Isconstructor" is no set of characters.'],
    ['[a-'.repeat(12), 'Too many classes are subtracted from each other.'],
    ['a'.repeat(MAX_PATTERN_LENGTH + 1), 'The pattern has more than 2000 characters.'],
  ])('%s is refused', (pattern, fault) => {
    expect(patternFault(pattern)).toBe(fault);
    expect(patternMatches(pattern, 'a')).toBeNull();
  });

  test('a pattern that can be used has no fault', () => {
    expect(patternFault('(I|we) (do not|don\u2019t) like .*')).toBeNull();
    expect(patternFault('a'.repeat(MAX_PATTERN_LENGTH))).toBeNull();
  });

  test('more patterns than are kept come out the same again', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 600; n += 1) expect(patternMatches(`a${n}`, `a${n}`)).toBe(true);
    }
  });

  test('whatever the pattern, it is used or refused, and nothing is thrown', () => {
    const piece = fc.constantFrom(...'ab^$.()|[]-{}2,*+?\\pdwLu ');
    const anyPattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(anyPattern, fc.string(), (pattern, given) => {
        const isRefused = patternFault(pattern) !== null;
        expect(patternMatches(pattern, given) === null).toBe(isRefused);
      }),
      { numRuns: 300 },
    );
  });

  test('a pattern that would hang other engines answers', () => {
    expect(patternMatches('(a+)+b', 'a'.repeat(10_000))).toBe(false);
    expect(patternMatches('(a|aa)*c', 'a'.repeat(10_000))).toBe(false);
  });
});

describe('pattern-match in rules', () => {
  const matches = (pattern: string, of = text('went')) =>
    valueOf({ op: 'pattern-match', pattern, of: [of] });

  test('it is true, false or NULL', () => {
    expect(matches('w.nt')).toBe(true);
    expect(matches('w.n')).toBe(false);
    expect(matches('w.nt', NULL)).toBeNull();
    expect(matches('w.nt*?')).toBeNull();
    expect(matches('\\d+', integer(12))).toBe(true);
    expect(
      valueOf({ op: 'pattern-match', pattern: 'a', of: [{ op: 'multiple', of: [text('a')] }] }),
    ).toBeNull();
  });

  test('a pattern and a text that would take seconds send the item to a person', () => {
    const item = spec([response({ baseType: 'string' })], {
      kind: 'rules',
      rules: [
        when(
          { op: 'pattern-match', pattern: '([a-z]+ ?){1000}', of: [variable('RESPONSE')] },
          setScore(float(1)),
        ),
      ],
    });
    expect(pointsFor(item, 'ab')).toBe(0);
    const score = scoreItem(item, { RESPONSE: 'ab'.repeat(500_000) });
    expect(score).toMatchObject({ status: 'awaiting-review', points: null });
    expect(score.parts[0]).toMatchObject({ rule: 'too-complex', verdict: 'awaiting-review' });
  });
});

describe('sets of characters', () => {
  test('are joined where they touch', () => {
    expect(
      union([
        [5, 6],
        [1, 2],
        [3, 3],
        [10, 12],
        [11, 20],
      ]),
    ).toEqual([1, 3, 5, 6, 10, 20]);
    expect(
      union([
        [1, 9],
        [2, 3],
      ]),
    ).toEqual([1, 9]);
    expect(union([])).toEqual([]);
  });

  test('are cut by others', () => {
    expect(minus([1, 10], [3, 4])).toEqual([1, 2, 5, 10]);
    expect(minus([1, 10], [0, 1, 10, 12])).toEqual([2, 9]);
    expect(minus([1, 3, 5, 8], [2, 6])).toEqual([1, 1, 7, 8]);
    expect(minus([5, 6], [5, 6])).toEqual([]);
    expect(minus([5, 6], [7, 9])).toEqual([5, 6]);
  });
});
