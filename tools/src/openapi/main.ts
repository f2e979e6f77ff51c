import { writeFileSync } from 'node:fs';
import { runningPlatform } from '../demo/running.js';
import { COMMITTED, currentDocument } from './document.js';

if (process.argv.includes('--help')) {
  console.log('npm run openapi\n\nWrites docs/openapi/parlance.json from the running services.');
  process.exit(0);
}

const platform = await runningPlatform((text) => console.log(text));
try {
  writeFileSync(COMMITTED, await currentDocument(platform.run.gateway));
  console.log(`written: ${COMMITTED}`);
} finally {
  await platform.release();
}
