import { startFauxqs } from 'fauxqs';
import { endWithParent, reportReady } from './child.js';

/** Runs the SNS/SQS/S3 emulator on loopback until asked to stop. Arguments: data folder, port. */
const [dataDir = '', port = ''] = process.argv.slice(2);

const server = await startFauxqs({
  port: Number(port),
  host: '127.0.0.1',
  logger: false,
  ...(dataDir === '' ? {} : { dataDir }),
});
endWithParent(() => server.stop());
reportReady();
