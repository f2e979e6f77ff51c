import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AwsClients, awsClients, ensureTopology } from '@parlance/messaging';
import { freePort } from '../../servers/ports.js';
import { type ServerProcess, spawnServer } from '../../servers/spawn-server.js';
import { dataFolder } from '../own-platform.js';
import { benchTopology } from './bench-event.js';
import type { Load } from './protocol.js';

/** SNS and SQS for one run: a new process with an empty memory. */
export interface RunEmulator {
  endpoint: string;
  clients: AwsClients;
  pid: number | undefined;
  stop(): Promise<void>;
}

export async function startRunEmulator(): Promise<RunEmulator> {
  const port = await freePort();
  const server = await spawnServer('emulator', ['', String(port)]);
  const endpoint = `http://127.0.0.1:${port}`;
  const clients = awsClients({ AWS_ENDPOINT_URL: endpoint });
  return {
    endpoint,
    clients,
    pid: server.child.pid,
    stop: async () => {
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
      await server.stop();
    },
  };
}

export interface QueueOf extends Load {
  deadLetterUrl: string;
}

/** The gradebook's queue on grading's topic, as the platform makes it. */
export async function makeQueue(
  { clients }: RunEmulator,
  prefix: string,
  messages: number,
): Promise<QueueOf> {
  const topology = benchTopology(prefix);
  const { queues, topicArns } = await ensureTopology(clients, topology, { mode: 'create' });
  const [queue] = [...queues.values()];
  const [topicArn] = [...topicArns.values()];
  if (!queue || !topicArn) throw new Error('The topology of the bench has no queue.');
  const { url, deadLetterUrl, plan } = queue;
  return { prefix, topicArn, queueUrl: url, queueName: plan.name, deadLetterUrl, messages };
}

export interface BenchPostgres {
  url: string;
  pid: number | undefined;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<BenchPostgres> {
  const folder = dataFolder();
  const port = await freePort();
  const password = 'bench-only';
  const server: ServerProcess = await spawnServer('postgres', [join(folder, 'pg'), String(port)], {
    POSTGRES_PASSWORD: password,
  });
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    pid: server.child.pid,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
