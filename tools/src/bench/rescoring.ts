import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '../servers/ports.js';
import { spawnServer } from '../servers/spawn-server.js';
import { describeMachine } from './messaging/machine.js';

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
export async function benchRescoring(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      attempts: { type: 'string', default: '100000' },
      rate: { type: 'string', default: '20' },
      items: { type: 'string', default: '20' },
    },
  });
  console.log(describeMachine());
  const folder = mkdtempSync(join(tmpdir(), 'parlance-bench-'));
  chmodSync(folder, 0o755);
  const [databasePort, emulatorPort] = [await freePort(), await freePort()];
  const password = 'bench-only';
  const servers = await Promise.all([
    spawnServer('postgres', [join(folder, 'pg'), String(databasePort)], {
      POSTGRES_PASSWORD: password,
    }),
    spawnServer('emulator', ['', String(emulatorPort)]),
  ]);
  try {
    const report = await runBench([values.attempts, values.rate, values.items], {
      TEST_DATABASE_URL: `postgres://postgres:${password}@127.0.0.1:${databasePort}/postgres`,
      TEST_AWS_ENDPOINT_URL: `http://127.0.0.1:${emulatorPort}`,
    });
    console.log(describe(report, values.rate, values.items));
  } finally {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runBench(args: string[], env: Record<string, string>): Promise<Report> {
  const file = fileURLToPath(
    new URL('../../../../apps/grading/dist/test/rescoring-bench.js', import.meta.url),
  );
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the measured process ended with code ${code}.\n${output}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Report;
}

function describe(report: Report, rate: string, items: string): string {
  const { attempts, previewSeconds, applySeconds, without, during } = report;
  const perSecond = (seconds: number) => `${Math.round(attempts / seconds)} attempts/s`;
  const latency = ({ count, p50, p99 }: Latency) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${count} submissions)`;
  return [
    `${attempts} attempts of ${items} items; live submissions at ${rate}/s in the same process`,
    `dry run   ${perSecond(previewSeconds)}`,
    `campaign  ${perSecond(applySeconds)}, each attempt exactly one new version`,
    `live, without a campaign  ${latency(without)}`,
    `live, with a campaign     ${latency(during)}: p99 x ${(during.p99 / without.p99).toFixed(2)}`,
  ].join('\n');
}
