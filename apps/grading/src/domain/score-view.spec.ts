import { newId } from '@parlance/kernel';
import type { ScoredItem } from './score-attempt.js';
import { itemViews, type Mark, partViews, withoutAuthorsWords } from './score-view.js';

const part = {
  responseId: 'RESPONSE',
  points: 1,
  pointsPossible: 1,
  verdict: 'correct',
  rule: 'match-correct',
  expected: 'A',
} as const;

const waiting = {
  ...part,
  points: null,
  verdict: 'awaiting-review',
  rule: 'human-review',
} as const;

function item(rest: Partial<ScoredItem>): ScoredItem {
  return {
    slot: 1,
    itemVersionId: newId(),
    responses: { RESPONSE: 'A' },
    points: 1,
    pointsPossible: 1,
    waitsFor: 'nobody',
    parts: [part],
    ...rest,
  };
}

const essay = item({
  points: null,
  pointsPossible: 5,
  waitsFor: 'parts',
  parts: [{ ...waiting, pointsPossible: 5, expected: null }],
});

function mark(rest: Partial<Mark>): Mark {
  return {
    slot: 1,
    responseId: 'RESPONSE',
    points: 3,
    comment: 'Good',
    annotations: [],
    markedBy: newId(),
    ...rest,
  };
}

describe('a score as people see it', () => {
  it('has what the author says to what was chosen, as long as feedback is released', () => {
    const choiceFeedback = [{ choice: 'A', text: 'She needs an s.' }];
    const said = item({ parts: [{ ...part, choiceFeedback, feedback: 'Look again.' }] });
    const words = { choiceFeedback, feedback: 'Look again.' };
    expect(partViews([said], [], 'learner')).toMatchObject([words]);
    const [silent] = partViews([withoutAuthorsWords(said)], [], 'learner');
    expect(silent).toMatchObject({ points: 1, verdict: 'correct' });
    expect(silent).not.toHaveProperty('choiceFeedback');
    expect(silent).not.toHaveProperty('feedback');
  });

  it('shows of an item with tries the answers of the last one that counted', () => {
    const given = (triesCounted: number) => {
      const tries = [{ RESPONSE: 'B' }, { RESPONSE: 'C' }];
      return partViews([item({ tries, triesCounted })], [], 'learner')[0]?.given;
    };
    expect([1, 2, 3].map(given)).toEqual(['B', 'C', 'A']);
  });

  it('shows learners neither key nor rule nor who marked', () => {
    const [view] = partViews([item({})], [mark({})], 'learner');
    expect(Object.keys(view ?? {}).sort()).toEqual([
      'comment',
      'given',
      'itemVersionId',
      'points',
      'pointsPossible',
      'responseId',
      'slot',
      'verdict',
    ]);
  });

  const remarked = item({
    parts: [
      {
        ...part,
        notes: ['slip'],
        feedback: 'Think of she.',
        trace: { kind: 'typed', pattern: 'receive', variant: 'receive' },
      },
    ],
  });

  it('tells learners what was noticed and what the author says, and not how it came about', () => {
    const [view] = partViews([remarked], [], 'learner');
    expect(view).toMatchObject({ notes: ['slip'], feedback: 'Think of she.' });
    expect(JSON.stringify(view)).not.toMatch(/receive|trace|rule|expected/);
  });

  it('tells teachers how the points came about, as long as nobody marked the part', () => {
    const trace = { kind: 'typed', pattern: 'receive', variant: 'receive' };
    expect(partViews([remarked], [], 'teacher')).toMatchObject([{ notes: ['slip'], trace }]);
    const [marked] = partViews([remarked], [mark({})], 'teacher');
    expect(marked).not.toHaveProperty('trace');
    expect(marked).not.toHaveProperty('feedback');
  });

  it('shows teachers what decided', () => {
    expect(partViews([item({})], [], 'teacher')).toMatchObject([
      { given: 'A', expected: 'A', rule: 'match-correct', verdict: 'correct', points: 1 },
    ]);
  });

  it('lays a mark over the part it belongs to', () => {
    expect(partViews([essay], [mark({})], 'teacher')).toMatchObject([
      { points: 3, verdict: 'partial', comment: 'Good', rule: 'human-review' },
    ]);
    expect(itemViews([essay], [mark({})])).toMatchObject([{ points: 3 }]);
  });

  it('has no points for an item while one of its parts waits', () => {
    const two = { ...essay, parts: [waiting, { ...waiting, responseId: 'SECOND' }] };
    expect(itemViews([two], [mark({})])).toMatchObject([{ points: null }]);
    expect(itemViews([two], [mark({}), mark({ responseId: 'SECOND' })])).toMatchObject([
      { points: 6 },
    ]);
  });

  it('gives a mark of the whole item to the item and to no single part', () => {
    const parts = [waiting, { ...waiting, responseId: 'SECOND' }];
    const whole = item({ points: null, pointsPossible: 4, waitsFor: 'item', parts });
    const marks = [mark({ responseId: null, points: 4 })];
    expect(itemViews([whole], marks)).toMatchObject([{ points: 4 }]);
    expect(partViews([whole], marks, 'teacher')).toMatchObject([
      { points: null, verdict: 'correct' },
      { points: null, verdict: 'correct' },
    ]);
  });

  it('shows an item without parts as one', () => {
    const whole = item({ points: null, pointsPossible: 4, waitsFor: 'item', parts: [] });
    expect(partViews([whole], [], 'learner')).toMatchObject([
      { responseId: null, points: null, verdict: 'awaiting-review' },
    ]);
    expect(partViews([whole], [mark({ responseId: null, points: 0 })], 'teacher')).toMatchObject([
      { responseId: null, points: 0, verdict: 'incorrect' },
    ]);
  });
});
