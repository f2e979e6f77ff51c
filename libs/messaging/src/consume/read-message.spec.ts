import { CellWritten, envelope, Scored, ScoreData } from '../../test/fixtures.js';
import { eventList, ScoreDataV3, ScoredV2, ScoredV3 } from '../../test/score-versions.js';
import { MessageReader, withData } from './read-message.js';

const EVENTS = eventList(Scored, CellWritten);

function read(event: Record<string, unknown> | string, events = EVENTS, consumer = 'gradebook') {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return new MessageReader(events, consumer).read(body);
}

/** The reason a body is refused for, and the sentence. */
function poison(...given: Parameters<typeof read>): [string, string] {
  const reading = read(...given);
  if (reading.kind !== 'poison') throw new Error('It was read.');
  return [reading.reason.code, reading.reason.detail];
}

function event(...given: Parameters<typeof read>) {
  const reading = read(...given);
  if (reading.kind !== 'event') throw new Error(JSON.stringify(reading));
  return reading.event;
}

test('an event is read with its data as an instance of its class', () => {
  const sent = envelope();
  const received = event(sent);
  expect(received.data).toBeInstanceOf(ScoreData);
  expect(received).toEqual(sent);
});

describe('a body goes to the dead letters when it', () => {
  it.each<[string, Parameters<typeof read>, string]>([
    ['is no JSON', ['{'], 'not-json'],
    ['is no envelope', [envelope({ tenant: 7 })], 'no-envelope'],
    ['holds NUL', [envelope({ data: { scoreId: 'x\u0000' } })], 'unstorable-text'],
    ['has a type nobody knows', [envelope({ type: 'grading.marked.v1' })], 'unknown-type'],
    ['has a version nobody knows', [envelope({ type: 'grading.scored.v2' })], 'unknown-version'],
    ['is for somebody else', [envelope({ type: CellWritten.type })], 'not-consumed'],
    ['does not fit its schema', [envelope({ data: { points: 'x' } })], 'schema'],
  ])('%s', (_, given, code) => {
    expect(poison(...given)[0]).toBe(code);
  });
});

describe('an event in an older version', () => {
  it('comes to the handler of the newer one, with its own id and order', () => {
    const sent = envelope();
    const received = event(sent, eventList(ScoredV2));
    expect(received).toEqual({
      ...sent,
      type: 'grading.scored.v2',
      data: { ...(sent.data as object), pointsPossible: 100 },
    });
  });

  it('is raised over two versions', () => {
    const received = event(envelope(), eventList(ScoredV3));
    expect(received.data).toBeInstanceOf(ScoreDataV3);
    expect(received.data).toMatchObject({ points: 1, pointsPossible: 100, scale: 'points' });
  });

  it('goes to a handler of its own where there is one', () => {
    expect(event(envelope(), eventList(Scored, ScoredV2)).type).toBe('grading.scored.v1');
  });

  it('is checked by the schema it was written with', () => {
    const wrong = envelope({ data: { ...(envelope().data as object), points: 'many' } });
    expect(poison(wrong, eventList(ScoredV3))).toEqual(['schema', 'points (isInt)']);
  });

  it('that no version is made of is an unknown version', () => {
    const alone = { ...ScoredV2, upcasts: undefined };
    expect(poison(envelope(), eventList(alone))[0]).toBe('unknown-version');
    expect(poison(envelope({ type: 'grading.scored.v4' }), eventList(ScoredV3))[0]).toBe(
      'unknown-version',
    );
  });

  it('is not consumed by who does not consume the newer one', () => {
    expect(poison(envelope(), eventList(ScoredV2), 'lti')[0]).toBe('not-consumed');
  });

  it('is raised when its data has been fetched, and not before', () => {
    const dataref = { bucket: 'b', key: 'k', sha256: '0', bytes: 1 };
    const reading = read(envelope({ data: {}, dataref }), eventList(ScoredV3));
    if (reading.kind !== 'event') throw new Error('It is no event.');
    expect(reading.event.type).toBe('grading.scored.v1');
    const whole = withData(reading.definition, reading.event, envelope().data);
    expect(whole).toMatchObject({
      kind: 'event',
      event: { type: 'grading.scored.v3', data: { pointsPossible: 100, scale: 'points' } },
    });
  });
});
