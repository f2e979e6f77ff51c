import { spawnSync } from 'node:child_process';

export interface History {
  faults: string[];
  /** What could not be looked at, and why; to be said aloud. */
  notes: string[];
}

const REGISTRY = 'libs/events/registry';

/**
 * What git knows of registered files that were changed or deleted after they were added. The index
 * of hashes says the same of the files as they lie there; git also sees a change of both.
 */
export function registryHistory(root: string): History {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const inside = git('rev-parse', '--is-shallow-repository');
  if (inside.status !== 0)
    return { faults: [], notes: [`There is no git history here. ${SKIPPED}`] };
  const paths = ['--', `${REGISTRY}/*/*.json`, `:!${REGISTRY}/*/samples.json`];
  const changed = ['--diff-filter=MDT', '--no-renames', '--name-only'];
  const log = git('log', '--format=%h', ...changed, ...paths);
  const now = git('diff', ...changed, 'HEAD', ...paths);
  if (log.status !== 0 || now.status !== 0) {
    return { faults: [], notes: [`git could not tell: ${(log.stderr || now.stderr).trim()}`] };
  }
  const isShallow = inside.stdout.trim() === 'true';
  return {
    faults: [
      ...committedFaults(log.stdout),
      ...lines(now.stdout).map((path) => `${path} is changed and not committed: restore it.`),
    ],
    notes: isShallow ? [`The clone is shallow: older history is not here. ${SKIPPED}`] : [],
  };
}

const SKIPPED = 'Whether registered files were changed together with their hashes was not checked.';

/** git prints a commit, an empty line and its paths, over and over. */
function committedFaults(log: string): string[] {
  let commit = '';
  return lines(log).flatMap((line) => {
    if (line.startsWith(REGISTRY)) return [`${line} was changed by ${commit} after it was added.`];
    commit = line;
    return [];
  });
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
