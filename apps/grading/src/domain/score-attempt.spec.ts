import type { ScoringSpec } from '@parlance/assessment';
import { newId } from '@parlance/kernel';
import { choiceSpec, essaySpec } from '../../test/specs.js';
import { scoreAttempt, type StoredSpec } from './score-attempt.js';

function attempt(...items: [ScoringSpec, Record<string, string | string[] | null>][]) {
  const specs = new Map<string, StoredSpec>();
  const answers = items.map(([spec, responses], index) => {
    const itemVersionId = newId();
    specs.set(itemVersionId, { spec, pointsPossible: spec.pointsPossible });
    return { slot: index + 1, itemVersionId, responses };
  });
  return scoreAttempt(answers, specs);
}

/** One gap with a key beside one for a person. */
function mixedSpec(humanPoints: number | null): ScoringSpec {
  const human = { responseId: 'TEXT', pointsPossible: humanPoints, humanScored: true };
  return {
    ...choiceSpec('A'),
    responses: [
      ...choiceSpec('A').responses,
      { identifier: 'TEXT', cardinality: 'single', baseType: 'string' },
    ],
    pointsPossible: 4,
    parts: [{ responseId: 'RESPONSE', pointsPossible: 1, humanScored: false }, human],
  };
}

describe('scoring an attempt', () => {
  it('adds up what needs no person', () => {
    const scored = attempt(
      [choiceSpec('A'), { RESPONSE: 'A' }],
      [choiceSpec('A'), { RESPONSE: 'B' }],
      [choiceSpec('A'), {}],
    );
    expect(scored).toMatchObject({ autoPoints: 1, pointsPossible: 3, reviews: [], faults: [] });
    expect(scored.items.map((item) => item.parts[0]?.verdict)).toEqual([
      'correct',
      'incorrect',
      'unanswered',
    ]);
  });

  it('leaves an essay to a person, and never gives it 0 meanwhile', () => {
    const scored = attempt([essaySpec(10), { RESPONSE: 'My summer' }]);
    expect(scored.items[0]).toMatchObject({ points: null, waitsFor: 'parts' });
    expect(scored.reviews).toMatchObject([{ slot: 1, responseId: 'RESPONSE', pointsPossible: 10 }]);
  });

  it('gives an essay nobody wrote 0 and bothers nobody with it', () => {
    const scored = attempt([essaySpec(10), { RESPONSE: null }]);
    expect(scored.items[0]).toMatchObject({ points: 0, waitsFor: 'nobody' });
    expect(scored).toMatchObject({ reviews: [], autoPoints: 0, pointsPossible: 10 });
  });

  it('asks for the human parts alone where the points of parts add up', () => {
    const scored = attempt([mixedSpec(3), { RESPONSE: 'A', TEXT: 'Because.' }]);
    expect(scored.reviews).toMatchObject([{ responseId: 'TEXT', pointsPossible: 3 }]);
    expect(scored.autoPoints).toBe(1);
  });

  it.each([null, 2])('asks for the whole item where they do not (%s of 4)', (points) => {
    const scored = attempt([mixedSpec(points), { RESPONSE: 'A', TEXT: 'Because.' }]);
    expect(scored.reviews).toMatchObject([{ responseId: null, pointsPossible: 4 }]);
    expect(scored.autoPoints).toBe(0);
  });

  it('sends an item whose scoring throws to a person, and scores the rest', () => {
    const broken = { pointsPossible: 5 } as ScoringSpec;
    const scored = attempt([broken, { RESPONSE: 'A' }], [choiceSpec('A'), { RESPONSE: 'A' }]);
    expect(scored.faults).toEqual([{ slot: 1, fault: 'TypeError' }]);
    expect(scored.reviews).toMatchObject([{ slot: 1, responseId: null, pointsPossible: 5 }]);
    expect(scored).toMatchObject({ autoPoints: 1, pointsPossible: 6 });
  });

  it('keeps the answers as they were handed in', () => {
    const responses = { RESPONSE: ['A', 'B'], OTHER: 'x' };
    expect(attempt([choiceSpec('A'), responses]).items[0]?.responses).toEqual(responses);
  });

  it('keeps of a score what is asked for and nothing of the rules it came from', () => {
    const ruled: ScoringSpec = {
      ...choiceSpec('A'),
      processing: {
        kind: 'rules',
        rules: [
          {
            rule: 'set-outcome',
            identifier: 'SCORE',
            value: { op: 'random-integer', min: 1, max: 1, step: 1 },
          },
        ],
      },
      adaptive: true,
    };
    const [item] = attempt([ruled, { RESPONSE: 'A' }]).items;
    expect(Object.keys(item ?? {}).sort()).toEqual(
      [
        'itemVersionId',
        'parts',
        'points',
        'pointsPossible',
        'responses',
        'slot',
        'waitsFor',
      ].sort(),
    );
    expect(Object.keys(item?.parts[0] ?? {}).sort()).toEqual(
      ['expected', 'points', 'pointsPossible', 'responseId', 'rule', 'verdict'].sort(),
    );
  });
});
