import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../servers/ports.js';
import { spawnServer } from '../../servers/spawn-server.js';
import { dataFolder, removeFolder } from '../own-platform.js';
import type { SubmissionsOptions } from './bench-submissions.js';

interface Latency {
  count: number;
  p50: number;
  p99: number;
}

interface Report {
  attempts: number;
  previewSeconds: number;
  applySeconds: number;
  without: Latency;
  during: Latency;
}

/** A rescoring campaign on a PostgreSQL of its own; see apps/grading/test/rescoring-bench.ts. */
export async function benchRescoring(options: SubmissionsOptions): Promise<void> {
  const folder = dataFolder();
  const [databasePort, emulatorPort] = [await freePort(), await freePort()];
  const password = 'bench-only';
  const servers = await Promise.all([
    spawnServer('postgres', [join(folder, 'pg'), String(databasePort)], {
      POSTGRES_PASSWORD: password,
    }),
    spawnServer('emulator', ['', String(emulatorPort)]),
  ]);
  try {
    const report = await runBench(options, {
      TEST_DATABASE_URL: `postgres://postgres:${password}@127.0.0.1:${databasePort}/postgres`,
      TEST_AWS_ENDPOINT_URL: `http://127.0.0.1:${emulatorPort}`,
    });
    console.log(describe(report, options));
  } finally {
    for (const server of servers) await server.stop();
    removeFolder(folder);
  }
}

async function runBench(
  { attempts, rate, items }: SubmissionsOptions,
  env: Record<string, string>,
): Promise<Report> {
  const file = fileURLToPath(
    new URL('../../../../../apps/grading/dist/test/rescoring-bench.js', import.meta.url),
  );
  const child = spawn(process.execPath, [file, String(attempts), String(rate), String(items)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the measured process ended with code ${code}.\n${output}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Report;
}

function describe(report: Report, { rate, items }: SubmissionsOptions): string {
  const { attempts, previewSeconds, applySeconds, without, during } = report;
  const perSecond = (seconds: number) => `${Math.round(attempts / seconds)} attempts/s`;
  const latency = ({ count, p50, p99 }: Latency) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${count} submissions)`;
  return [
    `\nrescoring: ${attempts} attempts of ${items} items; live submissions at ${rate}/s in the same process`,
    `  dry run   ${perSecond(previewSeconds)}`,
    `  campaign  ${perSecond(applySeconds)}, each attempt exactly one new version`,
    `  live, without a campaign  ${latency(without)}`,
    `  live, with a campaign     ${latency(during)}: p99 x ${(during.p99 / without.p99).toFixed(2)}`,
  ].join('\n');
}
