import type { TestService } from '@parlance/platform/testing';
import { Lms, type LmsAnswer, resultsOf, score } from './lms.js';
import { startLti, World } from './world.js';

let service: TestService;
let lms: Lms;
let world: World;

beforeAll(async () => {
  service = await startLti();
});

beforeEach(async () => {
  lms = await Lms.start();
  world = await World.create(service, lms);
  await world.publishAssignment();
});

afterEach(() => lms.stop());
afterAll(() => service.stop());

describe('a timestamp the platform calls stale', () => {
  test('is well when the platform holds our very grade', async () => {
    lms.on = ({ path }) => {
      if (path.includes('/scores')) return { status: 409 };
      return path.includes('/results') ? resultsOf(75) : undefined;
    };
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    expect(await world.untilStatus('delivered')).toMatchObject({ attempts: 1, httpStatus: 409 });
    const [read] = lms.to('/li/1/lineitem/results');
    expect(read?.path).toBe('/li/1/lineitem/results?type_id=1&user_id=user-1');
    expect(read?.headers.accept).toBe('application/vnd.ims.lis.v2.resultcontainer+json');
  });

  test('is stamped later than the platform once, when the grade differs', async () => {
    const theirs = new Date(Date.now() + 1500).toISOString();
    const answers: LmsAnswer[] = [{ status: 409 }];
    lms.on = ({ path }) => {
      if (path.includes('/scores')) return answers.shift();
      return path.includes('/results') ? resultsOf(50, { timestamp: theirs }) : undefined;
    };
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    await world.untilStatus('delivered');
    const [first, second] = lms.scores;
    expect({ ...score(second), timestamp: '' }).toEqual({ ...score(first), timestamp: '' });
    expect(Date.parse(String(score(second).timestamp))).toBeGreaterThan(Date.parse(theirs));
    expect(Date.parse(String(score(second).timestamp))).toBeLessThanOrEqual(second?.atMs ?? 0);
  });

  test('fails when that does not help either', async () => {
    lms.on = ({ path }) => {
      if (path.includes('/scores')) return { status: 409 };
      return path.includes('/results') ? resultsOf(50) : undefined;
    };
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    expect(await world.untilStatus('failed')).toMatchObject({ reason: 'stale-timestamp' });
    expect(lms.scores).toHaveLength(2);
  });

  test('of a grade stamped far ahead is not followed into the future', async () => {
    const timestamp = '2999-01-01T00:00:00Z';
    lms.on = ({ path }) => {
      if (path.includes('/scores')) return { status: 409 };
      return path.includes('/results') ? resultsOf(50, { timestamp }) : undefined;
    };
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    const failed = await world.untilStatus('failed');
    expect(failed).toMatchObject({ reason: 'platform-holds-future-score' });
    expect(lms.scores).toHaveLength(1);
  });
});

describe('the order of scores', () => {
  test('only the latest is sent of those that wait', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    lms.scoresAnswer({ status: 500, after: held });
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId, { points: 1 });
    await lms.until(() => lms.scores.length === 1, 'the first score under way');
    await world.grade(personId, cellId, { points: 2 });
    await world.grade(personId, cellId, { points: 3 });
    expect(lms.scores).toHaveLength(1);
    release();
    await world.untilStatus('delivered');
    expect(lms.scores.map((sent) => score(sent).scoreGiven)).toEqual([1, 3]);
    expect((await world.deliveries()).map(({ status }) => status)).toEqual([
      'delivered',
      'superseded',
      'superseded',
    ]);
  });

  test('timestamps of one learner rise strictly, and by whole seconds for Moodle', async () => {
    const moodle = await World.create(service, lms, { productFamily: 'moodle' });
    world = moodle;
    await world.publishAssignment();
    const { personId, cellId } = await world.readyLearner();
    for (const points of [1, 2, 3]) {
      await world.grade(personId, cellId, { points });
      await lms.until(() => lms.scores.length === points, `score ${points}`);
      await world.untilStatus('delivered');
    }
    const stamps = lms.scores.map((sent) => Date.parse(String(score(sent).timestamp)));
    const seconds = stamps.map((stamp) => Math.floor(stamp / 1000));
    expect(new Set(seconds).size).toBe(3);
    expect(seconds).toEqual([...seconds].sort((one, other) => one - other));
    lms.scores.forEach((sent, index) => {
      expect(stamps[index]).toBeLessThanOrEqual(sent.atMs);
    });
  });

  test('a score whose second has not come yet waits for it', async () => {
    world = await World.create(service, lms, { productFamily: 'moodle' });
    await world.publishAssignment();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    lms.scoresAnswer({ status: 500, after: held });
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId, { points: 1 });
    await lms.until(() => lms.scores.length === 1, 'the first score under way');
    for (const points of [2, 3, 4]) await world.grade(personId, cellId, { points });
    release();
    await lms.until(() => lms.scores.length === 2, 'the last score');
    const last = lms.scores[1];
    expect(score(last).scoreGiven).toBe(4);
    expect(Date.parse(String(score(last).timestamp))).toBeLessThanOrEqual(last?.atMs ?? 0);
    await world.untilStatus('delivered');
  });

  test('one learner in trouble holds up no other', async () => {
    lms.on = ({ path, body }) =>
      path.includes('/scores') && body.includes('"user-1"') ? { status: 500 } : undefined;
    const [one, two] = [await world.readyLearner(), await world.readyLearner('user-2')];
    await world.grade(one.personId, one.cellId);
    await lms.until(() => lms.scores.length >= 1, 'the failing score');
    await world.grade(two.personId, two.cellId);
    await lms.until(
      () => lms.scores.some((sent) => score(sent).userId === 'user-2'),
      'the other score',
    );
  });
});

test('a reply that was lost is made good by reading the result', async () => {
  const answers: LmsAnswer[] = [{ status: 200, cut: true }, { status: 400 }];
  lms.on = ({ path }) => {
    if (path.includes('/scores')) return answers.shift();
    return path.includes('/results') ? resultsOf(75) : undefined;
  };
  const { personId, cellId } = await world.readyLearner();
  await world.grade(personId, cellId);
  expect(await world.untilStatus('delivered')).toMatchObject({ attempts: 2 });
  expect(lms.scores).toHaveLength(2);
});
