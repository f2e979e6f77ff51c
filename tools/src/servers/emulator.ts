import { DatabaseSync } from 'node:sqlite';
import { startFauxqs } from 'fauxqs';
import { endWithParent, reportReady } from './child.js';

/** Runs the SNS/SQS/S3 emulator on loopback until asked to stop. Arguments: data folder, port. */
const [dataDir = '', port = ''] = process.argv.slice(2);

/**
 * The emulator writes every message to SQLite with a flush to disk, which costs more than all else
 * it does. With NORMAL a killed process still loses nothing; only a power cut could.
 */
function withoutFlushes(): void {
  const exec = DatabaseSync.prototype.exec;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    exec.call(this, sql);
    if (sql.includes('journal_mode')) exec.call(this, 'PRAGMA synchronous = NORMAL');
  };
}

/**
 * Hidden for 0 seconds, which is how a message is given back, the emulator writes no receive count
 * where its own table demands one, fails, and has lost the message until it is started again.
 */
function withGivingBack(): void {
  const prepare = DatabaseSync.prototype.prepare;
  const count = 'approximate_receive_count';
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
    return prepare.call(this, sql.replace(`${count} = ?`, `${count} = coalesce(?, ${count})`));
  };
}

withoutFlushes();
withGivingBack();
const server = await startFauxqs({
  port: Number(port),
  host: '127.0.0.1',
  logger: false,
  ...(dataDir === '' ? {} : { dataDir }),
});
endWithParent(() => server.stop());
reportReady();
