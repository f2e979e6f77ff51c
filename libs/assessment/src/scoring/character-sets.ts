/**
 * A set of characters as first and last code points by turns, ascending and apart from each other:
 * [65, 90, 97, 122] is A-Z and a-z.
 */
export type Ranges = readonly number[];

/** The last code point of Unicode. */
export const RANGES_END = 0x10ffff;

export function rangesOf(first: number, last: number): Ranges {
  return [first, last];
}

export function union(sets: readonly Ranges[]): Ranges {
  const pairs = sets.flatMap(pairsOf).sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of pairs) {
    const before = merged.at(-1);
    if (before === undefined || first > before[1] + 1) merged.push([first, last]);
    else before[1] = Math.max(before[1], last);
  }
  return merged.flat();
}

export function minus(from: Ranges, without: Ranges): Ranges {
  const result: number[] = [];
  const taken = pairsOf(without);
  for (const [first, last] of pairsOf(from)) {
    let start = first;
    for (const [a, b] of taken) {
      if (b < start || a > last) continue;
      if (a > start) result.push(start, a - 1);
      start = b + 1;
    }
    if (start <= last) result.push(start, last);
  }
  return result;
}

function pairsOf(ranges: Ranges): [number, number][] {
  const pairs: [number, number][] = [];
  for (let index = 0; index < ranges.length; index += 2) {
    pairs.push([ranges[index] as number, ranges[index + 1] as number]);
  }
  return pairs;
}

/**
 * The sets XML Schema has names for: `\s`, `\d`, `\w`, `\i` and `\c`, general categories such as
 * `Lu`, and blocks such as `IsBasicLatin`. Null for any other name.
 */
export function named(name: string): Ranges | null {
  const block = name.startsWith('Is') ? BLOCKS.get(name.slice(2)) : undefined;
  if (block !== undefined) return block;
  const found = cached.get(name);
  if (found !== undefined) return found;
  const made = makeNamed(name);
  if (made !== null) cached.set(name, made);
  return made;
}

/** At most one entry for each name there is, so it cannot grow without end. */
const cached = new Map<string, Ranges>();

const CATEGORY = /^(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/;

function makeNamed(name: string): Ranges | null {
  switch (name) {
    case '\\s':
      return [0x9, 0xa, 0xd, 0xd, 0x20, 0x20];
    case '\\d':
      return scanned('\\p{Nd}');
    case '\\w':
      return scanned('[^\\p{P}\\p{Z}\\p{C}]');
    case '\\i':
      return NAME_START;
    case '\\c':
      return union([NAME_START, NAME_REST]);
    default:
      return CATEGORY.test(name) ? scanned(`\\p{${name}}`) : null;
  }
}

/** All characters of a set that JavaScript knows, as the runs of them in a text of all there are. */
function scanned(set: string): Ranges {
  const ranges: number[] = [];
  for (const [run] of everyCharacter().matchAll(new RegExp(`${set}+`, 'gu'))) {
    const end = run.slice(-2);
    const pair = end.codePointAt(0) as number;
    const last = pair > 0xffff ? pair : end.charCodeAt(end.length - 1);
    ranges.push(run.codePointAt(0) as number, last);
  }
  return ranges;
}

/** Halves of surrogate pairs are no characters and cannot be in a text. */
function everyCharacter(): string {
  const blocks: string[] = [];
  for (let start = 0; start < RANGES_END; start += 0x800) {
    if (start === 0xd800) continue;
    blocks.push(String.fromCodePoint(...Array.from({ length: 0x800 }, (_, n) => start + n)));
  }
  return blocks.join('');
}

/** What the name of an XML element begins with (XML 1.0, fifth edition, production 4). */
const NAME_START: Ranges = [
  0x3a, 0x3a, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a, 0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d,
  0x37f, 0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00, 0x2fef, 0x3001, 0xd7ff, 0xf900, 0xfdcf,
  0xfdf0, 0xfffd, 0x10000, 0xeffff,
];

/** What it may go on with besides (production 4a). */
const NAME_REST: Ranges = [0x2d, 0x2e, 0x30, 0x39, 0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040];

/** Blocks of scripts that a key in a language test may name, with first and last code point. */
const BLOCKS: ReadonlyMap<string, Ranges> = new Map(
  (
    'BasicLatin 0x0 0x7f, Latin-1Supplement 0x80 0xff, LatinExtended-A 0x100 0x17f, ' +
    'LatinExtended-B 0x180 0x24f, IPAExtensions 0x250 0x2af, SpacingModifierLetters 0x2b0 0x2ff, ' +
    'CombiningDiacriticalMarks 0x300 0x36f, Greek 0x370 0x3ff, GreekandCoptic 0x370 0x3ff, ' +
    'Cyrillic 0x400 0x4ff, Armenian 0x530 0x58f, Hebrew 0x590 0x5ff, Arabic 0x600 0x6ff, ' +
    'Devanagari 0x900 0x97f, Bengali 0x980 0x9ff, Thai 0xe00 0xe7f, Georgian 0x10a0 0x10ff, HangulJamo 0x1100 0x11ff, ' +
    'LatinExtendedAdditional 0x1e00 0x1eff, GreekExtended 0x1f00 0x1fff, ' +
    'GeneralPunctuation 0x2000 0x206f, SuperscriptsandSubscripts 0x2070 0x209f, CurrencySymbols 0x20a0 0x20cf, ' +
    'LetterlikeSymbols 0x2100 0x214f, NumberForms 0x2150 0x218f, Arrows 0x2190 0x21ff, ' +
    'MathematicalOperators 0x2200 0x22ff, CJKSymbolsandPunctuation 0x3000 0x303f, ' +
    'Hiragana 0x3040 0x309f, Katakana 0x30a0 0x30ff, CJKUnifiedIdeographs 0x4e00 0x9fff, HangulSyllables 0xac00 0xd7af'
  )
    .split(', ')
    .map((entry): [string, Ranges] => {
      const [name = '', first, last] = entry.split(' ');
      return [name, [Number(first), Number(last)]];
    }),
);
