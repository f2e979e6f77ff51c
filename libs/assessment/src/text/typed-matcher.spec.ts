import fc from 'fast-check';
import type { TypedGiven } from '../../test/part-item.js';
import { partScore, typedItem } from '../../test/part-item.js';

function check(given: TypedGiven, answer: string) {
  return partScore(typedItem(given), answer);
}

const like = {
  accept: ["I (do not|don't) [really] like tea"],
  rejected: [{ pattern: 'I not like tea', feedback: 'You need do.' }],
};

describe('what is accepted', () => {
  test.each([
    'I do not like tea',
    "I don't like tea",
    'I don\u2019t really like tea.',
    '  i DO NOT\u00a0 really like tea ! ',
    '\u200fI\u200b do not like tea\ufeff',
    'I do not like \uff54\uff45\uff41',
  ])('%j earns all', (answer) => {
    expect(check(like, answer)).toMatchObject({
      points: 1,
      verdict: 'correct',
      rule: 'accepted-pattern',
      trace: { kind: 'typed', pattern: like.accept[0] },
    });
  });

  test('the trace says which of the answers of the pattern it was', () => {
    expect(check(like, "I don't really like tea").trace).toMatchObject({
      variant: 'I do not really like tea',
    });
  });

  test('the best share counts, and the first of those that fit', () => {
    const given = {
      accepted: [
        { pattern: 'a b', share: 0.5 },
        { pattern: 'a [b]', share: 1 },
        { pattern: '(a|b) b', share: 1 },
      ],
    };
    expect(check(given, 'a b')).toMatchObject({ points: 1, trace: { pattern: 'a [b]' } });
  });

  test('less than all is a partial answer', () => {
    const given = { accepted: [{ pattern: 'I dislike tea', share: 0.5 }] };
    expect(check(given, 'I dislike tea')).toMatchObject({ points: 0.5, verdict: 'partial' });
  });
});

describe('what is not', () => {
  test.each<string>([
    'I like tea',
    'tea',
    '...',
    '\u200b',
    'I do not like tea and coffee',
    '<b>I do not like tea</b>',
    'I do not like tea 🍵',
    '\ud800',
    'x'.repeat(2_001),
    `${'I do not like tea '.repeat(50_000)}`,
  ])('%.40j earns nothing', (answer) => {
    const part = check(like, answer);
    expect(part).toMatchObject({ points: 0, verdict: 'incorrect', rule: 'no-pattern' });
    expect(part.feedback).toBeUndefined();
    expect(part.trace).toBeUndefined();
  });

  test('an answer of ten million characters is not read', () => {
    expect(check(like, 'a'.repeat(10_000_000))).toMatchObject({ points: 0, rule: 'not-readable' });
  });

  test('NUL is taken out as it is when the answer is stored', () => {
    expect(check(like, 'I do\u0000 not like tea').points).toBe(1);
  });

  test('an author\u2019s wrong answer has a word of its own', () => {
    expect(check(like, 'i not like tea!')).toMatchObject({
      points: 0,
      verdict: 'incorrect',
      rule: 'rejected-pattern',
      feedback: 'You need do.',
      trace: { pattern: 'I not like tea', variant: 'I not like tea' },
    });
  });

  test('it comes before any slip is forgiven', () => {
    const given = {
      accept: ['receive'],
      rejected: [{ pattern: 'recieve', feedback: 'i before e' }],
    };
    expect(check(given, 'recieve')).toMatchObject({ points: 0, feedback: 'i before e' });
  });

  test('what is accepted comes before what is rejected', () => {
    const given = { accept: ['a'], rejected: [{ pattern: 'a', feedback: 'no' }] };
    expect(check(given, 'a').points).toBe(1);
  });

  test('the first of several wrong answers speaks', () => {
    const rejected = [
      { pattern: 'x', feedback: 'first' },
      { pattern: '(x|y)', feedback: 'second' },
    ];
    expect(check({ accept: ['a'], rejected }, 'x').feedback).toBe('first');
    expect(check({ accept: ['a'], rejected }, 'y').feedback).toBe('second');
  });
});

describe('case and punctuation', () => {
  test('count where the author says', () => {
    const strict = { accept: ['London.'], ignoreCase: false, ignoreFinalPunctuation: false };
    expect(check(strict, 'London.').points).toBe(1);
    expect(check(strict, 'london.').points).toBe(0);
    expect(check(strict, 'London').points).toBe(0);
  });

  test('inside an answer count always', () => {
    expect(check({ accept: ['Yes, I do'] }, 'yes , I do').points).toBe(1);
    expect(check({ accept: ['Yes, I do'] }, 'yes I do').points).toBe(0);
    expect(check({ accept: ['Yes[,] I do'] }, 'yes I do').points).toBe(1);
  });

  test('are those of English whatever the machine is set to', () => {
    const typos = { accept: false, share: 1, contrasts: [] };
    expect(check({ accept: ['TITLE'], typos }, 'title').points).toBe(1);
    expect(check({ accept: ['title'], typos }, 'TITLE').points).toBe(1);
    // The letters of a Turkish keyboard are others: slips, where slips are forgiven.
    expect(check({ accept: ['title'], typos }, 't\u0131tle').points).toBe(0);
    expect(check({ accept: ['title'], typos }, 'T\u0130TLE').points).toBe(0);
    expect(check({ accept: ['title'] }, 't\u0131tle').rule).toBe('accepted-slip');
  });
});

describe('spelling of either side', () => {
  test.each<[string, string]>([
    ['colour', 'color'],
    ['color', 'colour'],
    ['organise', 'organize'],
    ['theatres', 'theaters'],
    ['travelling', 'traveling'],
    ['Grey', 'gray'],
    ['cheque', 'check'],
    ['practise', 'practice'],
  ])('where %s is expected, %s is noted', (expected, given) => {
    expect(check({ accept: [expected] }, given)).toMatchObject({
      points: 1,
      rule: 'accepted-pattern',
      notes: ['spelling-variety'],
    });
    expect(check({ accept: [expected] }, expected).notes).toBeUndefined();
    expect(check({ accept: [expected], spelling: 'en-GB' }, given).points).toBe(0);
  });

  test.each<[string, string]>([
    ['check', 'cheque'],
    ['practice', 'practise'],
    ['advise', 'advize'],
    ['four', 'for'],
  ])('where %s is expected, %s is another word or none', (expected, given) => {
    const typos = { accept: false, share: 1, contrasts: [] };
    expect(check({ accept: [expected], typos }, given).points).toBe(0);
  });

  test('an answer without a note is preferred', () => {
    const part = check({ accept: ['colour', 'color'] }, 'color');
    expect(part.notes).toBeUndefined();
    expect(part.trace).toMatchObject({ variant: 'color' });
  });

  test('capitals are compared where case counts', () => {
    const given = { accept: ['Colour'], ignoreCase: false };
    expect(check(given, 'Color').points).toBe(1);
    expect(check(given, 'color').points).toBe(0);
    expect(check({ ...given, accept: ['COLOUR'] }, 'COLOR').points).toBe(1);
  });
});

describe('contractions', () => {
  test.each<[string, string]>([
    ['do not', "don't"],
    ["don't", 'do not'],
    ['cannot', "can't"],
    ["can't", 'can not'],
    ['will not', "won't"],
    ['I am', "I'm"],
    ['let us', "let's"],
    ['he is late', "he's late"],
    ['he has gone', "he's gone"],
    ["he's gone", 'he has gone'],
    ["he's late", 'he is late'],
    ['they had left', "they'd left"],
    ['they would leave', "they'd leave"],
    ['we will go', "we'll go"],
    ['you are', "you're"],
    ['I have', "I've"],
    ['shall not', "shan't"],
    ['is not', "isn't"],
  ])('%s is %s', (expected, answer) => {
    expect(check({ accept: [expected] }, answer)).toMatchObject({ points: 1 });
    expect(check({ accept: [expected], contractions: false }, answer).points).toBe(0);
  });

  test.each<[string, string]>([
    ['he is late', 'he has late'],
    ['they had left', 'they would left'],
    ['he is late', 'his late'],
    ["John's book", 'John is book'],
    ['John is late', "John's late"],
    ['it is', 'its'],
    ['do not', 'donot'],
  ])('%s is not %s', (expected, answer) => {
    expect(check({ accept: [expected] }, answer).points).toBe(0);
  });

  test('keep their capitals where case counts', () => {
    expect(check({ accept: ["I'm"], ignoreCase: false }, 'I am').points).toBe(1);
    expect(check({ accept: ["I'm"], ignoreCase: false }, 'i am').points).toBe(0);
    expect(check({ accept: ["Don't"], ignoreCase: false }, 'Do not').points).toBe(1);
  });
});

test('any answer of any pattern earns all, and the same again in capitals', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      const given = { accept: [`${a} (${b}|${c}) [${b}]`] };
      for (const answer of [`${a} ${b}`, `${a} ${c}`, `${a} ${c} ${b}`]) {
        expect(check(given, answer.toUpperCase()).points).toBe(1);
      }
    }),
  );
});
