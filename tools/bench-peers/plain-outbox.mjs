import { setTimeout as pause } from 'node:timers/promises';
import { PublishBatchCommand, PublishCommand } from '@aws-sdk/client-sns';
import pg from 'pg';
import { contend } from '../dist/src/bench/messaging/contestant.js';
import { snsClient } from './sqs-client.mjs';

/** What a poll waits when it found nothing. */
const IDLE_MS = 100;

/**
 * The outbox as it is usually written: lock some rows, publish them, mark them, commit. Settings:
 * `loops` (1) that poll side by side, `isBatched` (false): ten to a call, the calls of one
 * transaction at once.
 */
contend(async ({ topicArn }, job) => {
  const { loops = 1, isBatched = false } = job.settings;
  const sns = snsClient(job);
  const pool = new pg.Pool({ connectionString: job.database.ownerUrl, max: loops + 1 });
  let isStopped = false;

  const poll = async () => {
    while (!isStopped) {
      const client = await pool.connect();
      let count = 0;
      try {
        await client.query('BEGIN');
        const { rows } = await client.query(
          `SELECT id, institution_id, payload FROM plain_outbox WHERE published_at IS NULL
            ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 100`,
        );
        count = rows.length;
        if (isBatched) await publishInTens(sns, topicArn, rows);
        else for (const row of rows) await publishOne(sns, topicArn, row);
        await client.query(
          'UPDATE plain_outbox SET published_at = clock_timestamp() WHERE id = ANY($1::bigint[])',
          [rows.map(({ id }) => id)],
        );
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        console.error(error);
      } finally {
        client.release();
      }
      if (count === 0) await pause(IDLE_MS);
    }
  };
  const polls = Array.from({ length: loops }, poll);
  return {
    stop: async () => {
      isStopped = true;
      await Promise.all(polls);
      await pool.end();
    },
  };
});

async function publishOne(sns, topicArn, row) {
  await sns.send(new PublishCommand({ TopicArn: topicArn, ...messageOf(row) }));
}

async function publishInTens(sns, topicArn, rows) {
  const tens = [];
  for (let at = 0; at < rows.length; at += 10) tens.push(rows.slice(at, at + 10));
  await Promise.all(
    tens.map(async (ten) => {
      const entries = ten.map((row, index) => ({ Id: String(index), ...messageOf(row) }));
      const answer = await sns.send(
        new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries }),
      );
      if (answer.Failed?.length > 0) throw new Error('SNS did not take an event.');
    }),
  );
}

function messageOf({ institution_id, payload }) {
  const { id, type, subject, tenant, traceparent } = payload;
  const texts = { ce_id: id, ce_type: type, ce_subject: subject, tenant, traceparent };
  return {
    Message: JSON.stringify(payload),
    MessageAttributes: Object.fromEntries(
      Object.entries(texts)
        .filter(([, text]) => text !== undefined)
        .map(([name, text]) => [name, { DataType: 'String', StringValue: text }]),
    ),
    MessageGroupId: institution_id,
  };
}
