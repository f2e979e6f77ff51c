import { choiceSpec, essaySpec } from '../../test/specs.js';
import type { AttemptScore } from './attempt-score.js';
import { rescoreAttempt, type Rescoring } from './rescore.js';
import { scoreAnswer, type ScoredItem, type StoredSpec } from './score-attempt.js';
import type { TaskMark } from './settled-marks.js';

const stored = (spec: ReturnType<typeof choiceSpec>): StoredSpec => ({
  ...{ spec, pointsPossible: spec.pointsPossible },
});
const specs = new Map<string, StoredSpec>([
  ['faulty', stored(choiceSpec('A'))],
  ['right', stored(choiceSpec('B'))],
  ['essay', stored(essaySpec(5))],
  ['longer', stored(essaySpec(8))],
  ['broken', { spec: { nonsense: true } as never, pointsPossible: 1 }],
]);

const apply: Rescoring = {
  ...{ campaignId: 'campaign', pass: 'apply', fromVersionId: 'faulty', toVersionId: 'right' },
  neverLower: false,
};
const revert: Rescoring = { ...apply, pass: 'revert' };

/** A slot as scoring leaves it; scored with another version, by a campaign, when those are given. */
function item(
  slot: number,
  itemVersionId: string,
  given: string,
  by: { scoredWith?: string; rescoredBy?: string } = {},
): ScoredItem {
  const { rescoredBy, ...version } = by;
  const answer = { slot, itemVersionId, responses: { RESPONSE: given }, ...version };
  const spec = specs.get(by.scoredWith ?? itemVersionId) as StoredSpec;
  const made = scoreAnswer(answer, spec).item;
  return rescoredBy === undefined ? made : { ...made, rescoredBy };
}

const at = new Date('2026-03-02T09:00:00.000Z');

function score(autoPoints: number, pointsPossible: number, rest: object = {}): AttemptScore {
  return {
    ...{ attemptId: 'attempt', assignmentId: 'work', classId: 'class', learnerId: 'learner' },
    ...{ attemptNumber: 1, submittedAt: at, dueAt: null, submission: 1, version: 1 },
    ...{ status: 'final', autoPoints, computedPoints: autoPoints, pointsPossible, override: null },
    ...{ firstScoredAt: at, runAts: [at] },
    ...rest,
  };
}

const mark = (slot: number, points: number | null): TaskMark => ({
  ...{ slot, responseId: 'RESPONSE', round: 1, doubleThreshold: null, comment: null, points },
  ...{ annotations: [], status: points === null ? 'open' : 'done' },
  markedBy: points === null ? null : 'teacher',
});

describe('applying a correction', () => {
  it('scores the touched slot with the corrected version, and no other', () => {
    const run = [item(1, 'faulty', 'B'), item(2, 'essay', ''), item(3, 'faulty', 'A')];
    const result = rescoreAttempt(score(1, 7), [run], [], specs, apply);
    expect(result?.outcome).toBe('rescored');
    expect(result?.items).toMatchObject([
      { slot: 1, itemVersionId: 'faulty', scoredWith: 'right', points: 1, rescoredBy: 'campaign' },
      { slot: 3, itemVersionId: 'faulty', scoredWith: 'right', points: 0 },
    ]);
    expect(result?.score).toMatchObject({ version: 2, autoPoints: 1, pointsPossible: 7 });
  });

  it('is about nothing in an attempt that never had the version, or has the corrected one', () => {
    expect(rescoreAttempt(score(0, 5), [[item(1, 'essay', '')]], [], specs, apply)).toBeNull();
    const corrected = item(1, 'faulty', 'B', { scoredWith: 'right' });
    expect(rescoreAttempt(score(1, 1), [[corrected]], [], specs, apply)).toBeNull();
  });

  it('goes through the tries of a slot again: what was not right may have been', () => {
    const part = { responseId: 'RESPONSE', pointsPossible: 1, humanScored: false };
    const tried = (key: string) =>
      stored({
        ...choiceSpec(key),
        processing: { kind: 'parts' },
        parts: [{ ...part, scoring: { kind: 'correct' } }],
        tries: { max: 3, showPoints: false },
      });
    const both = new Map([
      ['faulty', tried('A')],
      ['right', tried('B')],
    ]);
    const answer = {
      ...{ slot: 1, itemVersionId: 'faulty', responses: { RESPONSE: 'C' } },
      tries: [{ RESPONSE: 'B' }],
    };
    const before = scoreAnswer(answer, both.get('faulty') as StoredSpec).item;
    expect(before).toMatchObject({ points: 0, triesCounted: 2 });
    const result = rescoreAttempt(score(0, 1), [[before]], [], both, apply);
    expect(result?.items).toMatchObject([{ points: 1, triesCounted: 1, tries: answer.tries }]);
    expect(result?.score).toMatchObject({ autoPoints: 1 });
  });

  it('goes by the latest run of a slot', () => {
    const runs = [
      [item(1, 'faulty', 'B')],
      [item(1, 'faulty', 'B', { scoredWith: 'right', rescoredBy: 'other' })],
    ];
    expect(rescoreAttempt(score(1, 1), runs, [], specs, apply)).toBeNull();
  });

  it('keeps what would lose points when the campaign never lowers', () => {
    const run = [item(1, 'faulty', 'A'), item(2, 'faulty', 'B')];
    const mild = { ...apply, neverLower: true };
    const result = rescoreAttempt(score(1, 2), [run], [], specs, mild);
    expect(result).toMatchObject({ outcome: 'rescored', score: { version: 2, autoPoints: 2 } });
    expect(result?.items.map(({ slot }) => slot)).toEqual([2]);
    const alone = rescoreAttempt(score(1, 1), [[item(1, 'faulty', 'A')]], [], specs, mild);
    expect(alone).toMatchObject({ outcome: 'kept', items: [], score: { version: 1 } });
  });

  it('leaves the override above what is computed', () => {
    const override = { points: 9, version: 1 };
    const before = score(0, 1, { override });
    const result = rescoreAttempt(before, [[item(1, 'faulty', 'B')]], [], specs, apply);
    expect(result?.score).toMatchObject({ override, computedPoints: 1, version: 2 });
  });

  it('adds the marks of people to what it computes', () => {
    const run = [item(1, 'faulty', 'B'), item(2, 'essay', 'text')];
    const before = score(0, 6, { computedPoints: 4 });
    const result = rescoreAttempt(before, [run], [mark(2, 4)], specs, apply);
    expect(result?.score).toMatchObject({ autoPoints: 1, computedPoints: 5, status: 'final' });
  });

  it('can score nothing with a version that is unknown, or that throws', () => {
    const run = [[item(1, 'faulty', 'A')]];
    for (const toVersionId of ['unknown', 'broken']) {
      const result = rescoreAttempt(score(1, 1), run, [], specs, { ...apply, toVersionId });
      expect(result).toMatchObject({ outcome: 'unscorable', items: [], score: { version: 1 } });
    }
  });
});

describe('a correction of what a person marks', () => {
  const longer = { ...apply, fromVersionId: 'essay', toVersionId: 'longer' };

  it('keeps the mark where the same is asked, though it is worth more now', () => {
    const run = [item(1, 'essay', 'text')];
    const before = score(0, 5, { computedPoints: 4 });
    const result = rescoreAttempt(before, [run], [mark(1, 4)], specs, longer);
    expect(result).toMatchObject({ outcome: 'rescored', added: [], withdrawn: [] });
    expect(result?.score).toMatchObject({ computedPoints: 4, pointsPossible: 8, status: 'final' });
  });

  it('leaves an attempt alone whose mark would no longer be asked for', () => {
    const keyed = { ...apply, fromVersionId: 'essay' };
    const run = [item(1, 'essay', 'B')];
    const result = rescoreAttempt(score(0, 5), [run], [mark(1, 4)], specs, keyed);
    expect(result).toMatchObject({ outcome: 'marked', items: [], score: { version: 1 } });
  });

  it('asks for no mark any more where a key decides now', () => {
    const keyed = { ...apply, fromVersionId: 'essay' };
    const before = score(0, 5, { status: 'provisional' });
    const run = [item(1, 'essay', 'B')];
    const result = rescoreAttempt(before, [run], [mark(1, null)], specs, keyed);
    expect(result?.withdrawn).toEqual([{ slot: 1, responseId: 'RESPONSE' }]);
    expect(result?.score).toMatchObject({ status: 'final', computedPoints: 1 });
  });

  it('asks for a mark where a key decided before', () => {
    const open = { ...apply, toVersionId: 'essay' };
    const result = rescoreAttempt(score(1, 1), [[item(1, 'faulty', 'A')]], [], specs, open);
    expect(result?.added).toMatchObject([{ slot: 1, responseId: 'RESPONSE', pointsPossible: 5 }]);
    expect(result?.score).toMatchObject({ status: 'provisional', computedPoints: 0 });
  });
});

describe('reverting', () => {
  const original = item(1, 'faulty', 'A');
  const rescored = item(1, 'faulty', 'A', { scoredWith: 'right', rescoredBy: 'campaign' });

  it('brings the slot back as it was, as the next version', () => {
    const result = rescoreAttempt(score(0, 1), [[original], [rescored]], [], specs, revert);
    expect(result?.items).toEqual([original]);
    expect(result?.score).toMatchObject({ version: 2, computedPoints: 1 });
  });

  it('lowers again what never lowering would have kept', () => {
    const raised = item(1, 'faulty', 'B', { scoredWith: 'right', rescoredBy: 'campaign' });
    const runs = [[item(1, 'faulty', 'B')], [raised]];
    const mild = { ...revert, neverLower: true };
    const result = rescoreAttempt(score(1, 1), runs, [], specs, mild);
    expect(result).toMatchObject({ outcome: 'rescored', score: { computedPoints: 0 } });
  });

  it('is not about what another campaign has changed since', () => {
    const later = item(1, 'faulty', 'A', { scoredWith: 'longer', rescoredBy: 'other' });
    const runs = [[original], [rescored], [later]];
    expect(rescoreAttempt(score(0, 8), runs, [], specs, revert)).toBeNull();
    const same = { ...rescored, rescoredBy: 'other' };
    expect(rescoreAttempt(score(0, 1), [[original], [same]], [], specs, revert)).toBeNull();
  });

  it('scores with the old version what was handed in after the correction', () => {
    const direct = item(1, 'faulty', 'A', { scoredWith: 'right' });
    const result = rescoreAttempt(score(0, 1), [[direct]], [], specs, revert);
    expect(result?.items).toMatchObject([{ scoredWith: 'faulty', points: 1 }]);
    expect(result?.items[0]).not.toHaveProperty('rescoredBy');
  });

  it('leaves who was given the corrected version from the start', () => {
    const own = item(1, 'right', 'A');
    expect(rescoreAttempt(score(0, 1), [[own]], [], specs, revert)).toBeNull();
  });
});
