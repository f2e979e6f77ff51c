import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A real English test by another publisher. Its licence keeps it out of this repository, so it is
 * read from beside it, and where it is not there the tests are skipped.
 */
const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const shared = process.env['PARLANCE_SHARED'] ?? resolve(root, '../shared');
const path = resolve(shared, 'data/qti/english-basic-level.zip');
const isThere = existsSync(path);
// eslint-disable-next-line no-console -- a skipped acceptance test must be seen
if (!isThere) console.warn(`SKIPPED: the real package is not at ${path}; set PARLANCE_SHARED.`);

export const realPackage: { bytes: Buffer | null } = { bytes: isThere ? readFileSync(path) : null };
