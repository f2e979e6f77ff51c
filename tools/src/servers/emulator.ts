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
 * Giving a message back with a visibility of 0 writes NULL where its table takes none; the call
 * fails, and the message is neither held nor waiting any more until the emulator is restarted.
 */
function withGivingBack(): void {
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
    const keeping = /\b(approximate_(?:receive_count|first_receive_timestamp)) = \?/g;
    const isUpdate = sql.includes('UPDATE sqs_messages');
    return prepare.call(this, isUpdate ? sql.replace(keeping, '$1 = coalesce(?, $1)') : sql);
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
