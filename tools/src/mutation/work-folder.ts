import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../start/layout.js';
import { instrument, transpile } from './instrument.js';
import type { Mutant } from './instrument.js';

const LIBRARY = join(ROOT, 'libs', 'assessment');

export interface Prepared {
  /** Where the compiled library with its mutants is. */
  folder: string;
  specs: string[];
  mutants: Mutant[];
}

/**
 * Compiles the library into a folder of its own, with mutants in the sources that are asked for.
 * The folder is within the repository, so that packages are found from it.
 *
 * @param isMutated by path from the library, such as `src/scoring/key.ts`.
 */
export function prepare(isMutated: (path: string) => boolean): Prepared {
  const folder = join(ROOT, '.parlance', 'mutation', `${process.pid}`);
  const mutants: Mutant[] = [];
  const specs: string[] = [];
  for (const path of sourcesIn(LIBRARY)) {
    const text = readFileSync(join(LIBRARY, path), 'utf8');
    const target = join(folder, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const isSpec = path.endsWith('.spec.ts');
    if (isSpec) specs.push(target);
    if (isSpec || !isMutated(path)) {
      writeFileSync(target, transpile(text));
      continue;
    }
    // Mutant 0 is none.
    const made = instrument(path, text, mutants.length + 1);
    mutants.push(...made.mutants);
    writeFileSync(target, made.code);
  }
  return { folder, specs, mutants };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function sourcesIn(library: string): string[] {
  return ['src', 'test'].flatMap((part) =>
    readdirSync(join(library, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(library, join(entry.parentPath, entry.name)))
      .sort(),
  );
}
