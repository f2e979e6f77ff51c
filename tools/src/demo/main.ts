import { writeFileSync } from 'node:fs';
import { Api } from '../api.js';
import { arrivedTrace, SUBMISSION_WAY } from '../trace/arrived-trace.js';
import { renderTrace } from '../trace/render.js';
import { conclude } from './conclude.js';
import { givenExam, ownExam, responsesExam } from './exam.js';
import { demoOptions } from './options.js';
import { playItemTypes } from './item-types/play-item-types.js';
import { report } from './report.js';
import { runningPlatform } from './running.js';
import { runScenario } from './scenario.js';

const options = demoOptions(process.argv.slice(2));
const began = Date.now();
const say = (text: string) =>
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);

const exam =
  options.responses !== undefined
    ? responsesExam(options.responses, options.learners)
    : options.qti !== undefined
      ? givenExam(options.qti, options.learners ?? 20)
      : ownExam(options.learners ?? 20);

const platform = await runningPlatform(say);
let code = 0;
try {
  const api = new Api(platform.run.gateway);
  const faults = options.allItemTypes
    ? await playItemTypes(api, platform, say)
    : await playExam(api);
  for (const fault of faults) console.error(`WRONG: ${fault}`);
  if (faults.length > 0) code = 1;
  else say('everything is as it must be.');
} catch (error) {
  console.error(error instanceof Error ? `\nThe demo failed: ${error.message}` : error);
  code = 1;
} finally {
  await platform.release();
}
process.exit(code);

async function playExam(api: Api): Promise<string[]> {
  const outcome = await runScenario(api, platform, exam, options.concurrency, say);
  const conclusion = conclude(exam, outcome);
  const { figures, faults } = conclusion;
  console.log(report(outcome, conclusion));
  const { operatorSecret } = platform.secrets;
  const trace = await arrivedTrace(
    platform.run.oncall,
    operatorSecret,
    figures.requestId,
    SUBMISSION_WAY,
  );
  console.log(`The way of one submission (request ${figures.requestId}):\n`);
  console.log(renderTrace(trace, { colour: process.stdout.isTTY === true }));
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    say(`figures written to ${options.json}`);
  }
  return faults;
}
