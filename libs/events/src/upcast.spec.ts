import { newId } from '@parlance/kernel';
import { eventList, ScoredV1, ScoredV2, ScoredV3, ScoreV3 } from '../test/score-versions.js';
import { defineEvent, upcastFrom } from './define.js';
import { topologyOf } from './topology.js';
import { readEventData, readTypes, withOlderVersions } from './upcast.js';
import { EventDataInvalid } from './validate.js';

const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);
const V1 = 'grading.scored.v1';
const V2 = 'grading.scored.v2';
const V3 = 'grading.scored.v3';

/** The event with other fields. */
const changed = <T extends object>(event: T, fields: object): T => ({ ...event, ...fields });

describe('what a consumer reads', () => {
  const read = (...events: unknown[]) =>
    [...readTypes(eventList(...events), 'gradebook')].map(([type, { type: as }]) => [type, as]);

  it('is what it has handlers for and every version those are made of', () => {
    expect(read(ScoredV3)).toEqual([
      [V3, V3],
      [V2, V3],
      [V1, V3],
    ]);
  });

  it('goes to its own handler where there is one, and older ones to the nearest', () => {
    expect(read(ScoredV3, ScoredV2)).toEqual([
      [V3, V3],
      [V2, V2],
      [V1, V2],
    ]);
    expect(read(ScoredV3, ScoredV1)).toEqual([
      [V3, V3],
      [V1, V1],
      [V2, V3],
    ]);
  });

  it('is not what others consume', () => {
    const ofLti = changed(ScoredV3, { consumers: ['lti'] });
    expect(read(ofLti, ScoredV1)).toEqual([[V1, V1]]);
  });

  it('is never ambiguous', () => {
    const other = changed(ScoredV3, { upcasts: { from: ScoredV1, up: () => ({}) } });
    expect(() => read(other, changed(ScoredV2, {}))).toThrow(
      `gradebook would read ${V1} as ${V3} and as ${V2}.`,
    );
  });

  it('is let in by the filter of its queue', () => {
    const { queues } = topologyOf(eventList(ScoredV3), 'x');
    expect(queues.map(({ types }) => types)).toEqual([[V1, V2, V3]]);
  });
});

test('all versions that messages may have are the events and those they are made of, once', () => {
  expect(types(withOlderVersions(eventList(ScoredV3, ScoredV2)))).toEqual([V3, V2, V1]);
});

describe('data of an older version', () => {
  const scoreId = newId();

  it('is raised step by step', () => {
    const raised = readEventData(ScoredV3, V1, { scoreId, percent: 75 });
    expect(raised).toBeInstanceOf(ScoreV3);
    expect(raised).toEqual({ scoreId, points: 75, pointsPossible: 100, scale: 'points' });
    expect(readEventData(ScoredV3, V2, { scoreId, points: 3, pointsPossible: 4 })).toEqual({
      scoreId,
      points: 3,
      pointsPossible: 4,
      scale: 'points',
    });
  });

  it('is checked by the schema it was written with', () => {
    expect(() => readEventData(ScoredV3, V1, { scoreId, percent: 'most' })).toThrow(
      new EventDataInvalid(V1, ['percent (isInt)']),
    );
  });

  it('is checked again by every schema on the way', () => {
    const wrong = changed(ScoredV3, {
      upcasts: upcastFrom(ScoredV2, (older) => ({ ...older, scale: 'much too long' })),
    });
    const data = { scoreId, points: 3, pointsPossible: 4 };
    expect(() => readEventData(wrong, V2, data)).toThrow('grading.scored.v3: scale (maxLength)');
  });

  it('that a step cannot take is refused, without a word of what it holds', () => {
    const broken = changed(ScoredV2, {
      upcasts: upcastFrom(ScoredV1, ({ scoreId: id }) => {
        throw new RangeError(`secret ${id}`);
      }),
    });
    const read = () => readEventData(broken, V1, { scoreId, percent: 75 });
    expect(read).toThrow(EventDataInvalid);
    expect(read).toThrow('grading.scored.v2: could not be made of the older version (RangeError)');
  });

  it('of a version that does not lead here is refused', () => {
    expect(() => readEventData(ScoredV2, V3, {})).toThrow(EventDataInvalid);
  });
});

describe('an event is made only of an older version of itself', () => {
  it.each([
    ['another event', { ...ScoredV1, type: 'grading.marked.v1' }],
    ['a newer version', ScoredV3],
    ['the same version', ScoredV2],
  ])('not of %s', (_, from) => {
    const definition = { ...ScoredV2, upcasts: { from, up: () => ({}) } };
    expect(() => defineEvent(definition as never)).toThrow(/cannot read .*: that is no older/);
  });
});
