import fc from 'fast-check';
import { editDistance } from './edit-distance.js';
import { inflectionOf, otherForms } from './inflections.js';
import { isKnownWord } from './known-words.js';
import { normaliseText, tokensOf, wordsOf } from './normalise.js';
import { sha256 } from './sha256.js';
import { isOtherSpelling, spellingOf } from './spelling.js';
import { escapePattern, parsePattern } from './variants.js';

const loose = { ignoreCase: true, ignoreFinalPunctuation: true };
const strict = { ignoreCase: false, ignoreFinalPunctuation: false };

describe('normalising', () => {
  test.each<[string, string]>([
    ['don\u2019t', "don't"],
    ['don\u02bct \u00b4x\u2018', "don't 'x'"],
    ['\u201cyes\u201d', '"yes"'],
    ['a\u00a0 \t\n b', 'a b'],
    ['  a  ', 'a'],
    ['e\u0301', '\u00e9'],
    ['\ufb01ne', 'fine'],
    ['a\u200bb\u00adc\u200f', 'abc'],
    ['a\u0000b', 'ab'],
    ['well\u2011known \u2013 yes', 'well-known - yes'],
    ['\ud800', '\ufffd'],
    ['I \u0130', 'I \u0130'],
  ])('%j becomes %j', (given, normal) => {
    expect(normaliseText(given, strict)).toBe(normal);
  });

  test.each<[string, string]>([
    ['TITLE', 'title'],
    ['\u0130', 'i\u0307'],
    ['Yes. ', 'yes'],
    ['Really?!', 'really'],
    ['well\u2026', 'well'],
    ['p.m.', 'p.m'],
    ['!!!', ''],
  ])('loosely, %j becomes %j', (given, normal) => {
    expect(normaliseText(given, loose)).toBe(normal);
  });

  test.each([loose, strict])('twice is once (%j)', (options) => {
    const sign = fc.constantFrom(
      '\u2019',
      '\u00b4',
      '\u00a0',
      '\u200b',
      '\u0301',
      '\u0130',
      '\ufdfa',
      '\u0149',
      '\u2033',
      '\u03a3',
      '.',
      ' ',
      'a',
      '\u0345',
      '\u1e9e',
      '\ud83d',
    );
    const any = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: sign }));
    fc.assert(
      fc.property(any, (text) => {
        const once = normaliseText(text, options);
        expect(normaliseText(once, options)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('words and marks are apart, a contraction is one word', () => {
    expect(tokensOf("Yes, I don't - well-known 3.5!")).toEqual([
      'Yes',
      ',',
      'I',
      "don't",
      '-',
      'well-known',
      '3',
      '.',
      '5',
      '!',
    ]);
    expect(wordsOf("Yes, I don't.")).toEqual(['Yes', 'I', "don't"]);
    expect(tokensOf('')).toEqual([]);
  });
});

describe('a pattern', () => {
  const variants = (pattern: string) => {
    const parsed = parsePattern(pattern);
    return parsed.ok ? parsed.variants : parsed.detail;
  };

  test.each<[string, string[]]>([
    ['a', ['a']],
    ['a|b', ['a', 'b']],
    [
      "(do not|don't) [really] like",
      ['do not like', 'do not really like', "don't like", "don't really like"],
    ],
    ['colo[u]r', ['color', 'colour']],
    ['a [b [c]]', ['a', 'a b', 'a b c']],
    ['(a|(b|c)) d', ['a d', 'b d', 'c d']],
    ['\\(a\\|b\\)', ['(a|b)']],
    ['\\\\ \\[x\\]', ['\\ [x]']],
    ['  a   b ', ['a b']],
    ['(a|a)', ['a']],
    ['go(es|ing)', ['goes', 'going']],
  ])('%s stands for %j', (pattern, expected) => {
    expect(variants(pattern)).toEqual(expected);
  });

  test.each<[string, RegExp]>([
    ['(a', /character 1: "\(" is not closed/],
    ['a [b', /character 3: "\[" is not closed/],
    ['(a]', /character 1: "\(" is not closed/],
    ['a)', /character 2: "\)" closes nothing/],
    ['a]', /character 2: "\]" closes nothing/],
    ['a\\', /a backslash stands for nothing/],
    ['', /empty answer/],
    ['a||b', /empty answer/],
    ['[a] [b]', /empty answer/],
    ['('.repeat(30) + ')'.repeat(30), /nested too deep/],
    ['(a|b)'.repeat(11), /more than 2000/],
    ['[a]'.repeat(600), /more than 2000/],
    ['x'.repeat(2_001), /at most 2000 characters/],
    [`(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b) ${'x'.repeat(1_000)}`, /more than 2000/],
  ])('%.30s is refused', (pattern, detail) => {
    expect(variants(pattern)).toEqual(expect.stringMatching(detail));
  });

  test('of exactly 1,024 answers, or twenty brackets deep, is taken', () => {
    expect(variants('(a|b)'.repeat(10))).toHaveLength(1_024);
    expect(variants(`${'('.repeat(20)}a${')'.repeat(20)}`)).toEqual(['a']);
  });

  test('of an escaped text stands for that text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replace(/\s+/g, ' ').trim();
        if (plain !== '') expect(variants(escapePattern(text))).toEqual([plain]);
      }),
    );
  });
});

describe('edit distance', () => {
  test.each<[string, string, number]>([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['recieve', 'receive', 1],
    ['works', 'work', 1],
    ['went', 'want', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
    ['😀a', 'a😀', 1],
  ])('%s to %s is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  test('beyond a limit is one more than the limit', () => {
    expect(editDistance('kitten', 'sitting', 2)).toBe(3);
    expect(editDistance('kitten', 'sitting', 3)).toBe(3);
    expect(editDistance('a', 'abcdef', 1)).toBe(2);
    expect(editDistance('abcdef', 'ghijkl', 1)).toBe(2);
  });
});

describe('forms of words', () => {
  test.each<[string, string | null]>([
    ['informations', 's'],
    ['goed', 'ed'],
    ['taked', 'ed'],
    ['studys', 's'],
    ['beautifull', null],
    ['recieve', null],
    ['becaus', null],
    ['bus', null],
    ['class', null],
    ['beginning', 'ing'],
    ['happyest', 'est'],
    ['gooder', 'er'],
  ])('%s is made with %s', (token, inflection) => {
    expect(inflectionOf(token)).toBe(inflection);
  });

  test.each<[string, string[], string[]]>([
    ['went', ['go', 'goes', 'going', 'gone'], ['went', 'goed', 'want']],
    ['children', ['child'], ['childs']],
    ['stopped', ['stop', 'stops', 'stopping'], ['stopped', 'stoped']],
    ['studies', ['study', 'studied', 'studying'], ['studies']],
    ['making', ['make', 'makes', 'made'], ['mak']],
    ['better', ['good', 'best'], []],
    ['easier', ['easy', 'easiest'], []],
  ])('%s goes with %j and not with %j', (token, forms, others) => {
    expect(otherForms(token)).toEqual(expect.arrayContaining(forms));
    for (const other of others) expect(otherForms(token)).not.toContain(other);
  });

  test.each(['works', 'Want', 'colour', 'color', 'I', 'went'])('%s is a word', (word) => {
    expect(isKnownWord(word)).toBe(true);
  });
  test.each(['informations', 'goed', 'recieve', '', 'constructor1'])('%j is none', (word) => {
    expect(isKnownWord(word)).toBe(false);
  });
});

describe('spelling', () => {
  test.each<[string, 'en-GB' | 'en-US' | null]>([
    ['colour', 'en-GB'],
    ['Favorite', 'en-US'],
    ['organisation', 'en-GB'],
    ['centre', 'en-GB'],
    ['traveled', 'en-US'],
    ['defense', 'en-US'],
    ['dialogue', 'en-GB'],
    ['analyze', 'en-US'],
    ['enrol', 'en-GB'],
    ['exercise', null],
    ['check', null],
    ['tea', null],
  ])('%s is of %s', (word, side) => {
    expect(spellingOf(word)).toBe(side);
  });

  test('a word is not another spelling of itself', () => {
    expect(isOtherSpelling('colour', 'colour')).toBe(false);
    expect(isOtherSpelling('tea', 'tea')).toBe(false);
  });
});

describe('SHA-256', () => {
  // FIPS 180-4 examples, and two lengths around the edge of a block.
  test.each<[string, string]>([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of %j', (text, hash) => {
    expect(sha256(text)).toBe(hash);
  });

  test('is that of Node, for any text', async () => {
    const { createHash } = await import('node:crypto');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const whole = text.toWellFormed();
        expect(sha256(whole)).toBe(createHash('sha256').update(whole).digest('hex'));
      }),
    );
  });
});
