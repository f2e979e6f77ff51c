import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../start/layout.js';
import { faultsIn, type SourceFile } from './rules.js';

if (process.argv.includes('--help')) {
  console.log('npm run tidy\n\nChecks the rules of the house over every file git knows.');
  process.exit(0);
}

const TEXT = /\.(ts|tsx|mjs|json|md|yml|yaml|html|css|xml|sh)$/;
/** The rules' own spec holds what they must find. */
const SKIPPED = /^(package-lock\.json|docs\/openapi\/|tools\/src\/tidy\/rules\.spec\.ts)/;

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT });
const files: SourceFile[] = listed
  .toString('utf8')
  .split('\n')
  .filter((path) => TEXT.test(path) && !SKIPPED.test(path) && existsSync(join(ROOT, path)))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

const faults = faultsIn(files);
for (const { path, line, message } of faults) console.error(`${path}:${line}  ${message}`);
console.log(`tidy: ${files.length} files, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
