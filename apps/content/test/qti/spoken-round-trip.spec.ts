import { createHash } from 'node:crypto';
import { compileItem, compileSet, correctResponses, scoreItem } from '@parlance/assessment';
import type { CompiledItem } from '@parlance/assessment';
import { unzipSync } from 'fflate';
import { EXPORT_VERSIONS, readPackage, writePackage } from '../../src/qti/index.js';
import type { ExportVersion, ItemReading, LossCode } from '../../src/qti/index.js';
import { SOUND } from './fixtures.js';
import { generatedResponses } from './generated-responses.js';

const named = (type: string) => ({ type, identifier: type, title: type });
const recording = {
  sha256: createHash('sha256').update(SOUND).digest('hex'),
  mediaType: 'audio/mpeg',
  sizeBytes: SOUND.length,
  durationSeconds: 8,
};
const rubric = {
  title: 'Speaking B1',
  maxPoints: 5,
  criteria: [
    {
      id: 'content',
      title: 'Content',
      levels: [
        { id: 'c0', title: 'Weak', points: 0 },
        { id: 'c5', title: 'Strong', points: 5 },
      ],
    },
  ],
};

function compiled(source: object): CompiledItem {
  const result = compileItem(source);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.item;
}

interface Trip {
  after: ItemReading[];
  losses: LossCode[][];
  paths: string[];
}

/** Items exported in one package, and what comes of it when it is imported. */
async function trip(items: readonly CompiledItem[], version: ExportVersion): Promise<Trip> {
  const { zip, files } = await writePackage(
    { version, items: items.map((one) => ({ itemVersionId: one.delivery.identifier, ...one })) },
    (sha256) => Promise.resolve(sha256 === recording.sha256 ? SOUND : null),
  );
  const reading = await readPackage(zip);
  expect(reading.files.filter((one) => one.outcome !== 'imported')).toEqual([]);
  return {
    after: reading.items,
    losses: files.map((one) => one.losses.map(({ code }) => code)),
    paths: Object.keys(unzipSync(zip)),
  };
}

/** Points here and after the trip, of every generated answer. */
function scoresOf(before: CompiledItem, after: ItemReading | undefined): [number, number][] {
  if (after === undefined) throw new Error(`${before.delivery.identifier} did not come back`);
  return generatedResponses(before, 1_000, before.delivery.identifier).map((responses) => [
    scoreItem(before.scoring, responses).points ?? -1,
    scoreItem(after.scoring, responses).points ?? -1,
  ]);
}

describe.each(EXPORT_VERSIONS)('exported as QTI %s and imported again', (version) => {
  test('a dictation keeps its sound and its plays, and scores all or nothing', async () => {
    const before = compiled({
      ...named('dictation'),
      recording: { ...recording, maxPlays: 3 },
      text: 'She has been working here for ten years.',
    });
    const { after, losses } = await trip([before], version);
    expect(losses).toEqual([['dictation-left-out']]);
    const players = after[0]?.delivery.interactions.filter((one) => one.kind === 'media');
    const { sha256, mediaType, sizeBytes } = recording;
    expect(players).toMatchObject([{ maxPlays: 3, media: { sha256, mediaType, sizeBytes } }]);

    const scores = scoresOf(before, after[0]);
    expect(scores.filter(([here, there]) => there > here)).toEqual([]);
    // Whole where QTI gives points at all; words that are right earn a share here alone.
    expect(new Set(scores.map(([, there]) => there))).toEqual(new Set([0, 1]));
    const text = before.delivery.interactions.find((one) => one.kind !== 'media');
    const partly = { [text?.responseId ?? '']: 'She has been working here for ten' };
    const whole = correctResponses(before.scoring);
    const points = [before, after[0]].map((item) => [
      item === undefined ? null : scoreItem(item.scoring, partly).points,
      item === undefined ? null : scoreItem(item.scoring, whole).points,
    ]);
    expect(points).toEqual([
      [0.875, 1],
      [0, 1],
    ]);
  });

  test.each([
    {
      source: { ...named('speaking'), prompt: 'Describe your room.', maxSeconds: 60, rubric },
      lost: ['recording-as-upload', 'rubric-as-text'],
      asked: { kind: 'upload', mediaTypes: ['audio/*'] },
    },
    {
      source: { ...named('paper'), prompt: 'Do exercise 4 on page 12.', points: 10 },
      lost: ['paper-as-essay'],
      asked: { kind: 'extended-text' },
    },
  ])(
    '$source.type waits for a person with the same points, and says what it became',
    async (it) => {
      const before = compiled(it.source);
      const { after, losses } = await trip([before], version);
      expect(losses).toEqual([it.lost]);
      expect(after[0]?.delivery.interactions).toMatchObject([it.asked]);
      expect(after[0]?.scoring.pointsPossible).toBe(before.scoring.pointsPossible);
      for (const responses of generatedResponses(before, 1_000, it.source.type)) {
        const statuses = [before, after[0]].map(
          (item) => item && scoreItem(item.scoring, responses).status,
        );
        expect(statuses).toEqual(['awaiting-review', 'awaiting-review']);
      }
    },
  );

  test('a passage that items share is one file and one stimulus, and they score the same', async () => {
    const set = compileSet({
      ...named('reading-set'),
      stimulus: { title: 'The harbour', text: 'Boats leave at six.\n\nThey come back at noon.' },
      items: [
        {
          ...named('true-false'),
          statements: [
            { text: 'Boats leave in the morning.', answer: 'true' },
            { text: 'They stay out all day.', answer: 'false' },
          ],
        },
        {
          ...named('single-choice'),
          prompt: 'When do they come back?',
          choices: [{ text: 'At noon', correct: true }, { text: 'At six' }],
        },
      ],
    });
    if (!set.ok) throw new Error(JSON.stringify(set.faults));
    const { after, losses, paths } = await trip(set.items, version);
    expect(losses).toEqual([[], []]);
    expect(paths.filter((path) => path.startsWith('stimuli/'))).toHaveLength(1);

    const stimuli = after.map((one) => one.delivery.stimulus);
    expect(stimuli[0]).toMatchObject({ title: 'The harbour' });
    expect(stimuli[0]?.body).toEqual(set.items[0]?.delivery.stimulus?.body);
    expect(stimuli[1]).toEqual(stimuli[0]);
    for (const [index, before] of set.items.entries()) {
      const scores = scoresOf(before, after[index]);
      expect(scores.filter(([here, there]) => here !== there)).toEqual([]);
      expect(new Set(scores.map(([here]) => here)).size).toBeGreaterThan(1);
    }
  });
});
