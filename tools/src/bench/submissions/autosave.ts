import { percentile } from '../../demo/figures.js';
import { dataFolder, removeFolder, startOwnPlatform } from '../own-platform.js';
import type { SubmissionsOptions } from './bench-submissions.js';
import { type ClassAtWork, classAtWork, type LearnerAtWork, saveOne } from './class-at-work.js';

const PORT = 4920;
const EVERY_MS = 3000;

/** Prints how long a save takes for the client while a whole school year group answers. */
export async function benchAutosave(options: SubmissionsOptions): Promise<void> {
  const { learners, seconds, rounds } = options;
  const folder = dataFolder();
  try {
    const platform = await startOwnPlatform(folder, PORT);
    const atWork = await classAtWork(platform, learners);
    console.log(`\nautosave: ${learners} learners, one save each every ${EVERY_MS / 1000} s`);
    for (let round = 1; round <= rounds; round += 1) {
      const took = await answering(atWork, seconds, round);
      const at = (share: number) => `${percentile(took, share).toFixed(1)} ms`;
      console.log(
        `  round ${round}: ${(took.length / seconds).toFixed(0)} saves/s, ` +
          `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, slowest ${at(1)}`,
      );
    }
    await platform.stop();
  } finally {
    removeFolder(folder);
  }
}

/** Every learner saves on a clock of their own, spread evenly, whether or not others are done. */
async function answering(atWork: ClassAtWork, seconds: number, round: number): Promise<number[]> {
  const began = performance.now();
  const saves = Math.floor((seconds * 1000) / EVERY_MS);
  const { learners } = atWork;
  const byLearner = await Promise.all(
    learners.map(async (learner, index) => {
      const took: number[] = [];
      for (let save = 0; save < saves; save += 1) {
        const at = began + (save + index / learners.length) * EVERY_MS;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
        took.push(await saveOne(atWork, learner, slotOf(learner, save), round * 1000 + save));
      }
      return took;
    }),
  );
  return byLearner.flat();
}

function slotOf({ items }: LearnerAtWork, save: number): number {
  return items[save % items.length]?.slot ?? 1;
}
