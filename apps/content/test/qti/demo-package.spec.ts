import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assembleForm, correctResponses, scoreItem } from '@parlance/assessment';
import type { ResponseValue } from '@parlance/assessment';
import { readPackage, testStructure } from '../../src/qti/index.js';
import type { PackageReading } from '../../src/qti/index.js';
import { zipOf } from './packages.js';

const folder = fileURLToPath(new URL('../../../../../tools/demo/package/', import.meta.url));

let reading: PackageReading;

beforeAll(async () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.xml'))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]);
  reading = await readPackage(zipOf(Object.fromEntries(files)));
});

function specOf(identifier: string) {
  const item = reading.items.find((one) => one.identifier === identifier);
  if (item === undefined) throw new Error(`no item ${identifier}`);
  return item.scoring;
}

test('all twelve items are imported, of four kinds and without a warning', () => {
  expect(reading.items).toHaveLength(12);
  expect(reading.files.filter((one) => one.outcome !== 'imported')).toEqual([]);
  expect(reading.files.flatMap((one) => one.warnings)).toEqual([]);
  const kinds = reading.items.map(({ delivery: { interactions } }) => {
    const [first] = interactions;
    return first?.kind === 'choice' ? `${first.cardinality} choice` : first?.kind;
  });
  expect(new Set(kinds)).toEqual(
    new Set(['single choice', 'multiple choice', 'text-entry', 'extended-text']),
  );
});

test('a form holds all of them; the keys earn all but the essay, which waits', () => {
  if (reading.test === null) throw new Error('no test');
  expect(reading.test).toMatchObject({ pointsPossible: 23, timeLimitSeconds: 2700 });
  expect(reading.test.sections).toHaveLength(3);
  const form = assembleForm(
    testStructure(reading.test, (file) => file),
    'seed',
  );
  expect(form).toHaveLength(12);
  expect(form[0]?.identifier).toBe('ref-present-perfect');
  const scores = reading.items.map(({ scoring }) => scoreItem(scoring, correctResponses(scoring)));
  expect(scores.reduce((sum, score) => sum + score.pointsPossible, 0)).toBe(23);
  expect(scores.reduce((sum, score) => sum + (score.points ?? 0), 0)).toBe(18);
  expect(scores.filter((score) => score.status === 'awaiting-review')).toMatchObject([
    { points: null, pointsPossible: 5 },
  ]);
});

test.each<[string, ResponseValue, number]>([
  ['uncountable', ['ADVICE', 'FURNITURE'], 2],
  ['uncountable', ['ADVICE', 'FURNITURE', 'CHAIR'], 1],
  ['uncountable', ['CHAIR'], 0],
  ['email-register', ['HIYA', 'CHEERS', 'DEAR'], 1],
  ['contraction', 'doesn’t', 1],
  ['contraction', 'does not', 1],
  ['contraction', 'doesnt', 0.5],
  ['contraction', "don't", 0],
  ['irregular-past', 'Drove', 1],
  ['passive', 'is being mended', 2],
  ['passive', 'is repaired', 1],
  ['passive', 'repairs', 0],
])('%s: %j earns %d', (identifier, answer, points) => {
  expect(scoreItem(specOf(identifier), { RESPONSE: answer }).points).toBe(points);
});

test('each gap of the prepositions is scored and explained on its own', () => {
  const score = scoreItem(specOf('prepositions'), { DAY: 'On', TIME: 'in', PLACE: 'in' });
  expect(score.points).toBe(2);
  expect(score.parts.map((part) => [part.responseId, part.expected])).toEqual([
    ['DAY', 'on'],
    ['TIME', 'at'],
    ['PLACE', 'in'],
  ]);
});
