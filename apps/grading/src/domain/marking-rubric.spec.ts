import type { Rubric, ScoringSpec } from '@parlance/assessment';
import { ownRubric, rubricFeedback, rubricKey } from './marking-rubric.js';

const level = (id: string, points: number) => ({ id, title: `The ${id}`, description: '', points });
const rubric: Rubric = {
  title: 'Writing',
  minPoints: 0,
  maxPoints: 5,
  criteria: [
    { id: 'content', title: 'Content', levels: [level('off', 0), level('on', 2)] },
    { id: 'language', title: 'Language', levels: [level('hard', 0), level('clear', 3)] },
  ],
};

function spec(parts: ScoringSpec['parts'], pointsPossible = 5): ScoringSpec {
  return {
    ...{ schema: 1, identifier: 'essay', responses: [], outcomes: [], externalScored: false },
    ...{ processing: { kind: 'parts' }, pointsPossible, parts },
  };
}

const essay = (own: Rubric | undefined, pointsPossible: number | null = 5) => ({
  ...{ responseId: 'R1', pointsPossible, humanScored: true },
  scoring: { kind: 'human' as const, ...(own && { rubric: own }) },
});
const typed = { responseId: 'R2', pointsPossible: 1, humanScored: false };

describe('the rubric an item brings', () => {
  it('is for the answer it was written for, and for an item that is nothing else', () => {
    const own = { itemVersionId: 'v', responseId: 'R1', body: rubric };
    expect(ownRubric('v', spec([essay(rubric)]), 'R1')).toEqual(own);
    expect(ownRubric('v', spec([essay(rubric)]), null)).toEqual(own);
    expect(ownRubric('v', spec([essay(rubric), typed], 6), 'R1')).toEqual(own);
    expect(ownRubric('v', spec([essay(rubric), typed], 6), 'R2')).toBeNull();
    expect(ownRubric('v', spec([essay(rubric), typed], 6), null)).toBeNull();
  });

  it('is none where the author gave none, or nobody could mark with it', () => {
    expect(ownRubric('v', spec([essay(undefined)]), 'R1')).toBeNull();
    expect(ownRubric('v', spec([essay({ ...rubric, criteria: [] })]), 'R1')).toBeNull();
    expect(ownRubric('v', { nonsense: true } as never, null)).toBeNull();
  });

  it('gives points as the answer is worth them', () => {
    const { body } = ownRubric('v', spec([essay(rubric, 10)], 10), 'R1') ?? {};
    const points = body?.criteria.map(({ levels }) => levels.map((one) => one.points));
    expect(points).toEqual([
      [0, 4],
      [0, 6],
    ]);
    expect(body).toMatchObject({ minPoints: 0, maxPoints: 10 });
  });

  it('takes nothing from other answers', () => {
    const severe = { ...rubric, minPoints: -3 };
    expect(ownRubric('v', spec([essay(severe)]), 'R1')?.body.minPoints).toBe(0);
  });
});

describe('what a learner reads of a rubric', () => {
  const choices = { content: 'on', language: 'hard' };

  it('is the chosen levels, with points only where they are the ones that count', () => {
    const [content, language] = rubric.criteria.map(({ id, title }) => ({ id, title }));
    const on = { id: 'on', title: 'The on', description: '' };
    const hard = { id: 'hard', title: 'The hard', description: '' };
    expect(rubricFeedback(rubric, choices, 2).criteria).toEqual([
      { ...content, level: { ...on, points: 2 } },
      { ...language, level: { ...hard, points: 0 } },
    ]);
    const words = [
      { ...content, level: on },
      { ...language, level: hard },
    ];
    expect(rubricFeedback(rubric, choices, 3.5)).toEqual({ title: 'Writing', criteria: words });
    expect(rubricFeedback(rubric, choices, null).criteria).toEqual(words);
  });
});

it('two names are of one rubric when their key is the same', () => {
  expect(rubricKey({ versionId: 'a' })).toBe(
    rubricKey({ versionId: 'a', rubricId: 'b', version: 1 }),
  );
  const own = { itemVersionId: 'a', responseId: 'R1' };
  expect(rubricKey(own)).not.toBe(rubricKey({ ...own, responseId: 'R2' }));
});
