import { RANGES_END, minus, named, rangesOf, union } from './character-sets.js';
import type { Ranges } from './character-sets.js';

/** What is wrong with a pattern, in a sentence for its author. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * A pattern in the syntax of XML Schema (part 2, appendix F) as one of RE2 that matches the same.
 * The differences that matter: `^` and `$` are plain characters, a group captures nothing, `\d` is
 * a digit of any script, `\i` and `\c` are what XML names are made of, `.` stops at either line
 * break, classes may be subtracted from each other, and nothing is lazy. A backslash before
 * punctuation that needs none is taken, as every engine does.
 *
 * @throws PatternError
 */
export function toRe2(pattern: string): string {
  const scan: Scan = { characters: [...pattern], at: 0 };
  let result = '';
  let open = 0;
  // Whether there is something a quantifier could repeat.
  let isAtom = false;
  while (scan.at < scan.characters.length) {
    const character = scan.characters[scan.at] as string;
    if ('?*+{'.includes(character)) {
      if (!isAtom) throw new PatternError(`"${character}" has nothing to repeat.`);
      result += readQuantifier(scan);
      isAtom = false;
      continue;
    }
    isAtom = character !== '(' && character !== '|';
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open < 0) throw new PatternError('A ")" closes nothing.');
    result += readAtom(scan);
  }
  if (open > 0) throw new PatternError('A "(" is not closed.');
  return result;
}

interface Scan {
  characters: string[];
  at: number;
}

function take(scan: Scan): string {
  const character = scan.characters[scan.at];
  if (character === undefined) throw new PatternError('The pattern ends too early.');
  scan.at += 1;
  return character;
}

function readAtom(scan: Scan): string {
  const character = take(scan);
  switch (character) {
    case '(':
      return '(?:';
    case ')':
    case '|':
      return character;
    case '.':
      return '[^\\n\\r]';
    case '[':
      return asClass(readClass(scan));
    case ']':
    case '}':
      throw new PatternError(`"${character}" needs a backslash before it.`);
    case '\\': {
      const escaped = readEscape(scan);
      return typeof escaped === 'string' ? literal(escaped) : asClass(escaped);
    }
    default:
      return literal(character);
  }
}

/** RE2 counts to a thousand itself and refuses what is above. */
function readQuantifier(scan: Scan): string {
  const character = take(scan);
  if (character !== '{') return character;
  let inside = '';
  for (let next = take(scan); next !== '}'; next = take(scan)) inside += next;
  const [, least, most] = /^(\d{1,4})(?:,(\d{0,4}))?$/.exec(inside) ?? [];
  if (least === undefined || (most && Number(most) < Number(least))) {
    throw new PatternError(`"{${inside}}" is no number of repetitions.`);
  }
  return `{${inside}}`;
}

const CONTROLS: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

/** What a backslash stands for: one character, or a set of them. */
function readEscape(scan: Scan): string | Ranges {
  const letter = take(scan);
  if (letter === 'p' || letter === 'P') {
    if (take(scan) !== '{') throw new PatternError(`"\\${letter}" needs a name in braces.`);
    let name = '';
    for (let next = take(scan); next !== '}'; next = take(scan)) name += next;
    return known(name, letter === 'P');
  }
  const control = CONTROLS[letter];
  if (control !== undefined) return control;
  if (/[A-Za-z0-9]/.test(letter)) {
    return known(`\\${letter.toLowerCase()}`, letter !== letter.toLowerCase());
  }
  return letter;
}

function known(name: string, isComplement: boolean): Ranges {
  const ranges = named(name);
  if (ranges === null) throw new PatternError(`"${name}" is no set of characters.`);
  return isComplement ? minus(rangesOf(0, RANGES_END), ranges) : ranges;
}

/** What is within square brackets, the first of which was read. */
function readClass(scan: Scan, depth = 0): Ranges {
  // A class may be subtracted from one that is subtracted; nobody needs that ten times.
  if (depth > 10) throw new PatternError('Too many classes are subtracted from each other.');
  const isNegated = scan.characters[scan.at] === '^';
  if (isNegated) scan.at += 1;
  const parts: Ranges[] = [];
  let without: Ranges | null = null;
  for (let isFirst = true; ; isFirst = false) {
    const character = take(scan);
    if (character === ']') {
      if (isFirst) throw new PatternError('A class is empty.');
      break;
    }
    if (character === '-' && scan.characters[scan.at] === '[') {
      scan.at += 1;
      without = readClass(scan, depth + 1);
      if (take(scan) !== ']') throw new PatternError('A subtraction must end its class.');
      break;
    }
    parts.push(readRange(scan, character));
  }
  const all = union(parts);
  const positive = isNegated ? minus(rangesOf(0, RANGES_END), all) : all;
  return without === null ? positive : minus(positive, without);
}

/** One character, `a-z`, or an escape. */
function readRange(scan: Scan, first: string): Ranges {
  if (first === '[') throw new PatternError('"[" within a class needs a backslash before it.');
  const from = first === '\\' ? readEscape(scan) : first;
  if (typeof from !== 'string') return from;
  const [dash, next] = scan.characters.slice(scan.at, scan.at + 2);
  if (dash !== '-' || next === undefined || next === ']' || next === '[') {
    return rangesOf(codeOf(from), codeOf(from));
  }
  scan.at += 1;
  const end = take(scan);
  const to = end === '\\' ? readEscape(scan) : end;
  if (typeof to !== 'string' || codeOf(to) < codeOf(from)) {
    throw new PatternError(`"${from}-${end}" is no range of characters.`);
  }
  return rangesOf(codeOf(from), codeOf(to));
}

function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}

function literal(character: string): string {
  return /[A-Za-z0-9 ]/.test(character) ? character : hex(codeOf(character));
}

function hex(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

/** RE2 has no empty class: one that holds everything, negated, is the same. */
function asClass(ranges: Ranges): string {
  if (ranges.length === 0) return `[^${hex(0)}-${hex(RANGES_END)}]`;
  let inside = '';
  for (let index = 0; index < ranges.length; index += 2) {
    inside += `${hex(ranges[index] as number)}-${hex(ranges[index + 1] as number)}`;
  }
  return `[${inside}]`;
}
