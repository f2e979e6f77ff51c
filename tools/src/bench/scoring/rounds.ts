import type { Responses } from '@parlance/assessment';
import { scoreItem } from '@parlance/assessment';
import { spreadOf } from '../messaging/statistics.js';
import type { Spread } from '../messaging/statistics.js';
import type { Load } from './items.js';

/** Something that scores the answers of one load, over and over; it gives the points. */
export type Contestant = (load: Load) => (answers: Responses) => number | null;

export const ours: Contestant =
  ({ spec }) =>
  (answers) =>
    scoreItem(spec, answers).points;

/** The item is read anew for each answer, as when nothing is kept between submissions. */
export const oursUnprepared: Contestant =
  ({ spec }) =>
  (answers) =>
    scoreItem({ ...spec, responses: spec.responses.map((one) => ({ ...one })) }, answers).points;

/** Items a second, round by round: loads and contestants take turns, so that all see the same. */
export function measure(
  contestants: Readonly<Record<string, Contestant>>,
  loads: readonly Load[],
  { rounds, millisecondsEach }: { rounds: number; millisecondsEach: number },
): Map<string, Spread> {
  const rates = new Map<string, number[]>();
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const load of loads) {
      for (const [name, contestant] of Object.entries(contestants)) {
        const rate = rateOf(contestant(load), load.answers, millisecondsEach);
        if (round > 0)
          rates.set(`${load.name}/${name}`, [...(rates.get(`${load.name}/${name}`) ?? []), rate]);
      }
    }
  }
  return new Map([...rates].map(([key, values]) => [key, spreadOf(values)]));
}

function rateOf(
  score: (answers: Responses) => number | null,
  answers: readonly Responses[],
  milliseconds: number,
): number {
  const began = performance.now();
  let items = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    // The clock is read once for a batch: it costs about as much as an easy item.
    for (let turn = 0; turn < 50; turn += 1) {
      for (const one of answers) score(one);
    }
    items += 50 * answers.length;
    elapsed = performance.now() - began;
  }
  return (items * 1000) / elapsed;
}
