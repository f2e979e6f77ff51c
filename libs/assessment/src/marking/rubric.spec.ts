import { assert, constantFrom, integer, property } from 'fast-check';
import type { Rubric } from '../items/part-scoring.js';
import {
  choiceFaults,
  migrateChoices,
  rubricFaults,
  rubricPoints,
  rubricPointsPossible,
} from './rubric.js';

const level = (id: string, points: number) => ({ id, title: id, description: '', points });
const levels = [level('none', 0), level('some', 1.5), level('all', 3)];
const rubric: Rubric = {
  title: 'Letter',
  minPoints: -10,
  maxPoints: 10,
  criteria: [
    { id: 'task', title: 'Task', levels },
    { id: 'language', title: 'Language', levels: [...levels, level('wrong', -2)] },
  ],
};

describe('the points of a rubric', () => {
  it('are the sum of the chosen levels', () => {
    expect(rubricPoints(rubric, { task: 'some', language: 'all' })).toBe(4.5);
    expect(rubricPointsPossible(rubric)).toBe(6);
  });

  it('stay within the bounds', () => {
    const bounded = { ...rubric, minPoints: 0, maxPoints: 5 };
    expect(rubricPoints(bounded, { task: 'none', language: 'wrong' })).toBe(0);
    expect(rubricPoints(bounded, { task: 'all', language: 'all' })).toBe(5);
    expect(rubricPointsPossible(bounded)).toBe(5);
  });

  it('are never outside them, and never fall with a better level', () => {
    const bound = integer({ min: -3, max: 3 });
    const choice = constantFrom('none', 'some', 'all');
    assert(
      property(bound, integer({ min: 0, max: 5 }), choice, (minPoints, width, language) => {
        const one = { ...rubric, minPoints, maxPoints: minPoints + width };
        const given = ['none', 'some', 'all'].map((task) => rubricPoints(one, { task, language }));
        expect(given).toEqual([...given].sort((a, b) => a - b));
        expect(Math.min(...given)).toBeGreaterThanOrEqual(minPoints);
        expect(Math.max(...given)).toBeLessThanOrEqual(minPoints + width);
      }),
    );
  });

  it('need one known level of each criterion and nothing else', () => {
    expect(choiceFaults(rubric, { task: 'all', 'a/b': 'all' })).toEqual([
      { pointer: '/a~1b', detail: 'is no criterion of the rubric' },
      { pointer: '/language', detail: 'must be a level of the criterion' },
    ]);
    expect(() => rubricPoints(rubric, { task: 'all' })).toThrow(RangeError);
    expect(choiceFaults(rubric, { task: 'all', language: 'toString' })).toHaveLength(1);
  });
});

it('a rubric has criteria with levels, each id once, and bounds in order', () => {
  expect(rubricFaults(rubric)).toEqual([]);
  expect(rubricFaults({ ...rubric, criteria: [] })).toMatchObject([{ pointer: '/criteria' }]);
  const [first] = rubric.criteria;
  const twice = { ...first!, levels: [level('a', 0), level('a', 1)] };
  const faulty = {
    title: '',
    criteria: [twice, { ...twice, levels: [] }],
    minPoints: 2,
    maxPoints: 1,
  };
  expect(rubricFaults(faulty).map(({ pointer }) => pointer)).toEqual([
    '/criteria/1/id',
    '/criteria/0/levels/1/id',
    '/criteria/1/levels',
    '/minPoints',
  ]);
});

describe('choices under a later version', () => {
  const chosen = { task: 'some', language: 'all' };

  it('stay where the levels stayed, and follow the mapping', () => {
    expect(migrateChoices(chosen, rubric)).toEqual(chosen);
    const mapping = { task: { some: 'all' } };
    expect(migrateChoices(chosen, rubric, mapping)).toEqual({ task: 'all', language: 'all' });
  });

  it('lose a criterion that is gone', () => {
    expect(migrateChoices(chosen, { ...rubric, criteria: rubric.criteria.slice(1) })).toEqual({
      language: 'all',
    });
  });

  it('are to be made again where a level is gone or a criterion is new', () => {
    const [task, language] = rubric.criteria;
    const coarser = { ...rubric, criteria: [{ ...task!, levels: [level('none', 0)] }, language!] };
    expect(migrateChoices(chosen, coarser)).toBeNull();
    const more = { ...rubric, criteria: [...rubric.criteria, { ...task!, id: 'style' }] };
    expect(migrateChoices(chosen, more)).toBeNull();
  });
});
