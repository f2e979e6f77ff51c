import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import { keysIn } from './keys.js';
import { responsePackage } from './response-package.js';

export type Responses = Record<string, string | string[] | null>;

/** A learner of the demo: how to answer an item, and what it must come to, when that is known. */
export interface Candidate {
  name: string;
  answer(itemIdentifier: string): Responses;
  /** Points the gradebook must show; undefined where it depends on the form or on a teacher. */
  expected: number | undefined;
  knows: 'everything' | 'nothing' | 'something';
}

export interface Exam {
  title: string;
  zip: Uint8Array;
  candidates: Candidate[];
  /** A teacher has a part in the score. */
  hasEssays: boolean;
}

const OWN_PACKAGE = fileURLToPath(new URL('../../../demo/package/', import.meta.url));

/** The project's own package: XML files in a folder, zipped here. */
export function ownExam(learners: number): Exam {
  const files = readdirSync(OWN_PACKAGE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.xml'))
    .map((name) => [name, new Uint8Array(readFileSync(`${OWN_PACKAGE}${name}`))] as const);
  return packageExam('A small English test', zipSync(Object.fromEntries(files)), learners);
}

export function givenExam(file: string, learners: number): Exam {
  return packageExam('English exercises', new Uint8Array(readFileSync(file)), learners);
}

/**
 * The first learner gives every key, the second nothing, and each of the others knows a share of
 * the items that grows with the learner's number.
 */
function packageExam(title: string, zip: Uint8Array, learners: number): Exam {
  const keys = keysIn(unzipSync(zip, { filter: (file) => file.name.endsWith('.xml') }));
  const key = (identifier: string) => keys.get(identifier)?.correct ?? {};
  const blank = (identifier: string) =>
    Object.fromEntries((keys.get(identifier)?.responseIds ?? []).map((id) => [id, null]));
  const candidates = Array.from({ length: learners }, (_, index): Candidate => {
    const name = `Learner ${String(index + 1).padStart(4, '0')}`;
    if (index === 0) return { name, answer: key, expected: undefined, knows: 'everything' };
    if (index === 1) return { name, answer: blank, expected: undefined, knows: 'nothing' };
    const knows = (identifier: string) => hash(`${identifier}/${index}`) % 100 < (index * 97) % 101;
    const answer = (identifier: string) => {
      const entry = keys.get(identifier);
      if (entry === undefined) return {};
      return knows(identifier) || entry.open ? entry.correct : entry.wrong;
    };
    return { name, answer, expected: undefined, knows: 'something' };
  });
  const hasEssays = [...keys.values()].some((entry) => entry.open);
  return { title, zip, candidates, hasEssays };
}

/** An item per column, a candidate per row who answers it right (1) or wrong (0). */
export function responsesExam(file: string, learners: number | undefined): Exam {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const items = head.split(',').slice(1);
  const rows = lines.slice(0, learners ?? lines.length);
  const candidates = rows.map((line, number): Candidate => {
    const [id = '', ...scores] = line.split(',');
    if (scores.length !== items.length || !scores.every((score) => /^[01]$/.test(score))) {
      throw new Error(`${file}, line ${number + 2}: expected ${items.length} values of 0 or 1.`);
    }
    const given = new Map(items.map((item, index) => [item, scores[index] === '1']));
    return {
      name: `Respondent ${id}`,
      answer: (item) => ({ RESPONSE: given.get(item) === true ? 'right' : 'wrong' }),
      expected: scores.filter((score) => score === '1').length,
      knows: 'something',
    };
  });
  return {
    title: `Test of ${items.length} items`,
    zip: responsePackage(items),
    candidates,
    hasEssays: false,
  };
}

/** FNV-1a: the same learner knows the same items in every run. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
