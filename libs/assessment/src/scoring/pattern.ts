import { RE2JS } from 're2js';
import { PatternError, toRe2 } from './pattern-syntax.js';
import { plainText } from './values.js';

/** Longest pattern an item may hold; real ones have about a hundred characters. */
export const MAX_PATTERN_LENGTH = 2_000;

/** Compiled patterns kept. A class answers one test at a time; a large test has fifty patterns. */
const MAX_CACHED = 500;

/** A pattern ready to use, or why it cannot be used. Insertion order is order of use. */
const compiled = new Map<string, RE2JS | string>();

/**
 * Whether a pattern in the syntax of XML Schema matches the whole of a text; null when the pattern
 * cannot be used. RE2 goes through the text once, whatever the pattern, so that no answer and no
 * key can hang the server.
 */
export function patternMatches(pattern: string, text: string): boolean | null {
  const ready = patternFor(pattern);
  return typeof ready === 'string' ? null : ready.matches(plainText(text));
}

/**
 * Steps a match may cost at most: RE2 does a bounded amount of work for each character and each
 * instruction of its program, about a third of a step.
 */
export function patternSteps(pattern: string, text: string): number {
  const ready = patternFor(pattern);
  return typeof ready === 'string' ? 0 : Math.ceil((text.length * ready.programSize()) / 3);
}

/** Why a pattern cannot be used, as a sentence for its author; null when it can. */
export function patternFault(pattern: string): string | null {
  const ready = patternFor(pattern);
  return typeof ready === 'string' ? ready : null;
}

function patternFor(pattern: string): RE2JS | string {
  const found = compiled.get(pattern) ?? compile(pattern);
  compiled.delete(pattern);
  compiled.set(pattern, found);
  if (compiled.size > MAX_CACHED) compiled.delete(compiled.keys().next().value as string);
  return found;
}

function compile(pattern: string): RE2JS | string {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return `The pattern has more than ${MAX_PATTERN_LENGTH} characters.`;
  }
  try {
    return RE2JS.compile(toRe2(plainText(pattern)));
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    // What RE2 itself refuses, such as more than a thousand repetitions.
    return 'The pattern is not one that can be matched in linear time.';
  }
}
