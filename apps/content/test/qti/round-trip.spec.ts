import { correctResponses, scoreItem } from '@parlance/assessment';
import { EXPORT_VERSIONS, readPackage, writePackage } from '../../src/qti/index.js';
import type { ExportVersion, ItemReading, ItemToWrite } from '../../src/qti/index.js';
import type { PackageReading } from '../../src/qti/index.js';
import { FIXTURE_NAMES, fixturePackage } from './fixtures.js';
import { generatedResponses } from './generated-responses.js';
import { realPackage } from './real-package.js';

const ANSWERS_PER_ITEM = 1_000;

interface Trip {
  before: PackageReading;
  after: Map<string, ItemReading>;
  refused: PackageReading['files'];
  losses: number;
}

async function roundTrip(before: PackageReading, version: ExportVersion): Promise<Trip> {
  const items = before.items.map(({ file, delivery, scoring }): ItemToWrite => ({
    itemVersionId: file,
    delivery,
    scoring,
  }));
  const { zip, files } = await writePackage({ version, items }, (sha256) =>
    Promise.resolve(before.media.get(sha256)?.bytes ?? null),
  );
  const reading = await readPackage(zip);
  return {
    before,
    after: new Map(reading.items.map((one) => [one.identifier, one])),
    refused: reading.files.filter((one) => one.outcome !== 'imported'),
    losses: files.flatMap((one) => one.losses).length,
  };
}

/** Every generated answer earns the same and leaves the same outcomes. */
function expectSameScores(before: ItemReading, after: ItemReading | undefined): void {
  if (after === undefined) throw new Error(`${before.identifier} did not come back`);
  expect(after.scoring.pointsPossible).toBe(before.scoring.pointsPossible);
  const answers = generatedResponses(before, ANSWERS_PER_ITEM, before.identifier);
  const distinct = new Set<number | null>();
  for (const responses of answers) {
    const [one, other] = [before, after].map(({ scoring }) => {
      const { status, points, outcomes } = scoreItem(scoring, responses, { seed: 'seed' });
      return { status, points, outcomes };
    });
    distinct.add(one?.points ?? null);
    if (JSON.stringify(one) !== JSON.stringify(other)) {
      throw new Error(`${JSON.stringify(responses)}: ${JSON.stringify([one, other])}`);
    }
  }
  // Answers that all come out alike would prove nothing.
  const isScored = scoreItem(before.scoring, {}).status === 'scored';
  expect(distinct.size).toBeGreaterThan(isScored ? 1 : 0);
}

describe.each(EXPORT_VERSIONS)('exported as QTI %s and imported again', (version) => {
  let trip: Trip;

  beforeAll(async () => {
    trip = await roundTrip(await readPackage(fixturePackage()), version);
  });

  test('nothing is refused or lost', () => {
    expect(trip.refused).toEqual([]);
    expect(trip.losses).toBe(0);
    expect([...trip.after.keys()]).toEqual(FIXTURE_NAMES);
  });

  test.each(FIXTURE_NAMES)(
    '%s is scored the same for 1,000 answers, and shown the same',
    (name) => {
      const before = trip.before.items.find((one) => one.identifier === name);
      if (before === undefined) throw new Error(`no item ${name}`);
      const after = trip.after.get(name);
      expectSameScores(before, after);
      expect(after?.delivery).toEqual(before.delivery);
    },
  );
});

const { bytes } = realPackage;
const real = bytes === null ? describe.skip : describe;

real.each(EXPORT_VERSIONS)('the real package exported as QTI %s and imported again', (version) => {
  let trip: Trip;

  beforeAll(async () => {
    if (bytes !== null) trip = await roundTrip(await readPackage(bytes), version);
  });

  test('all 52 items score the same for 1,000 answers each', () => {
    expect(trip.refused).toEqual([]);
    expect(trip.before.items).toHaveLength(52);
    for (const item of trip.before.items) expectSameScores(item, trip.after.get(item.identifier));
  });

  test('the keys still earn everything', () => {
    for (const { scoring } of trip.after.values()) {
      const { points, pointsPossible } = scoreItem(scoring, correctResponses(scoring));
      expect([points, pointsPossible]).toEqual([1, 1]);
    }
  });
});
