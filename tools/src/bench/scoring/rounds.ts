import type { Responses } from '@parlance/assessment';
import { scoreItem } from '@parlance/assessment';
import type { Load } from './items.js';
import type { Peer } from './peer.js';

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

/** What was seen of each load by each contestant: items a second, round by round. */
export interface Seen {
  rates: Map<string, number[]>;
  /** By load: answers the peer gives other points than we do. */
  different: Map<string, number>;
}

export const keyOf = (load: Load, contestant: string) => `${load.name}/${contestant}`;

/** Loads and contestants take turns, so that all see the same machine. */
export async function measure(
  contestants: Readonly<Record<string, Contestant>>,
  peer: Peer | undefined,
  loads: readonly Load[],
  { rounds, millisecondsEach }: { rounds: number; millisecondsEach: number },
): Promise<Seen> {
  const seen: Seen = { rates: new Map(), different: new Map() };
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    const note = (key: string, rate: number | undefined) => {
      if (round > 0 && rate !== undefined)
        seen.rates.set(key, [...(seen.rates.get(key) ?? []), rate]);
    };
    for (const load of loads) {
      for (const [name, contestant] of Object.entries(contestants)) {
        note(keyOf(load, name), rateOf(contestant(load), load.answers, millisecondsEach));
      }
      const figure = await peer?.run(load, millisecondsEach);
      if (figure === undefined) continue;
      note(keyOf(load, 'peer'), figure.rate);
      seen.different.set(load.name, figure.different);
    }
  }
  return seen;
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
