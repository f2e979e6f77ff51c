import { mkdirSync } from 'node:fs';
import { dataFolder, removeFolder } from '../bench/own-platform.js';
import { faultOptions } from './options.js';
import { examples, isGreen, summary } from './report.js';
import { runFaults } from './run.js';

const options = faultOptions(process.argv.slice(2));
const began = Date.now();
const say = (text: string) =>
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);

const folder = options.keep ?? dataFolder();
mkdirSync(folder, { recursive: true });
const again = [
  `--seed ${options.seed} --minutes ${options.minutes} --submissions ${options.submissions}`,
  ...(options.inboxOff ? ['--inbox off'] : []),
].join(' ');
say(`seed ${options.seed}; again with: npm run faults -- ${again}`);

let code = 1;
try {
  const result = await runFaults(options, folder, say);
  console.log(examples(result.violations, folder, options.port));
  console.log(summary(result));
  code = isGreen(result) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? `The run failed: ${error.stack}` : error);
}
if (code === 0 && options.keep === undefined) removeFolder(folder);
else console.log(`Data, logs and history: ${folder}`);
process.exit(code);
