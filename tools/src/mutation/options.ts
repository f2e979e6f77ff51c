import { parseArgs } from 'node:util';

export interface MutationOptions {
  /** Folders of libs/assessment/src. */
  folders: string[];
  /** Parts of paths; none means all files. */
  files: string[];
  /** One mutant in so many is judged; 1 judges all. */
  sample: number;
  workers: number;
  /** Least score in per cent. */
  threshold: number;
}

export const HELP = `npm run mutation -- [options]

Changes the code of libs/assessment in one small place at a time and runs the tests that reach that
place. A change that no test notices has survived: the tests do not hold what the code does there.

  --folder NAME     folder of libs/assessment/src (default scoring); may be given more than once
  --file TEXT       only files whose path holds this; may be given more than once
  --sample N        judges one change in N only: a first look (default 1)
  --workers N       tests run so many at a time (default 2)
  --threshold N     least score in per cent (default 85); below it the exit code is 1

Prints every survivor and a table. Exit codes: 0 good, 1 below the threshold, 2 the tests fail
without any change, or the options make no sense.`;

/** @throws Error naming what makes no sense. */
export function mutationOptions(args: string[]): MutationOptions {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string', multiple: true, default: ['scoring'] },
      file: { type: 'string', multiple: true, default: [] },
      sample: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      threshold: { type: 'string', default: '85' },
    },
  });
  const sample = Number(values.sample);
  const workers = Number(values.workers);
  const threshold = Number(values.threshold);
  if (!Number.isInteger(sample) || sample < 1) throw new Error('--sample is a number from 1.');
  if (!Number.isInteger(workers) || workers < 1) throw new Error('--workers is a number from 1.');
  if (!(threshold >= 0 && threshold <= 100)) throw new Error('--threshold is from 0 to 100.');
  return { folders: values.folder, files: values.file, sample, workers, threshold };
}

export function isChosen(path: string, { folders, files }: MutationOptions): boolean {
  const isIn = folders.some((folder) => path.startsWith(`src/${folder}/`));
  return isIn && (files.length === 0 || files.some((part) => path.includes(part)));
}
