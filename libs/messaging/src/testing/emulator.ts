import type { FauxqsServer } from 'fauxqs';
import { type AwsClients, awsClients } from '../localstack-client/index.js';

export interface Emulator {
  endpoint: string;
  clients: AwsClients;
  /** The server in this process; undefined when `TEST_AWS_ENDPOINT_URL` names one elsewhere. */
  server: FauxqsServer | undefined;
  stop(): Promise<void>;
}

/**
 * SNS, SQS and S3 in this process on a free port, or what `TEST_AWS_ENDPOINT_URL` names; there a
 * test keeps to itself by a prefix of its own. Needs the package `fauxqs`.
 */
export async function startEmulator(options: { port?: number } = {}): Promise<Emulator> {
  const elsewhere = process.env.TEST_AWS_ENDPOINT_URL;
  let server: FauxqsServer | undefined;
  if (!elsewhere) {
    const { startFauxqs } = await import('fauxqs');
    server = await startFauxqs({ port: options.port ?? 0, logger: false });
  }
  const endpoint = elsewhere ?? `http://127.0.0.1:${server?.port}`;
  const clients = awsClients({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' });
  return {
    endpoint,
    clients,
    server,
    stop: async () => {
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
      await server?.stop();
    },
  };
}
