import { APP_ROLE, type SqlMigration } from '@parlance/platform';

/** Who redrove or discarded which dead letters, and why. Small, and never dropped. */
export const letterRunMigration: SqlMigration = {
  name: 'LetterRuns1700000000110',
  up: [
    `CREATE TABLE letter_run (
       id uuid PRIMARY KEY,
       action text NOT NULL CHECK (action IN ('redrive', 'discard')),
       operator text NOT NULL,
       reason text,
       filter jsonb NOT NULL,
       rate_per_second int NOT NULL,
       state text NOT NULL DEFAULT 'running',
       counts jsonb NOT NULL,
       is_complete boolean NOT NULL DEFAULT false,
       fault text,
       started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
       finished_at timestamptz,
       CHECK (action = 'redrive' OR reason IS NOT NULL)
     )`,
    // Written before a letter is touched and completed afterwards, so that not even a process that
    // dies in between can lose sight of one.
    `CREATE TABLE letter_run_entry (
       run_id uuid NOT NULL REFERENCES letter_run (id),
       queue text NOT NULL,
       letter_id text NOT NULL,
       event_id uuid,
       type text,
       institution_id uuid,
       fingerprint text NOT NULL,
       outcome text NOT NULL,
       at timestamptz NOT NULL DEFAULT clock_timestamp(),
       PRIMARY KEY (run_id, queue, letter_id)
     )`,
    `CREATE INDEX letter_run_entry_event ON letter_run_entry (event_id)`,
    `GRANT SELECT, INSERT, UPDATE ON letter_run, letter_run_entry TO ${APP_ROLE}`,
  ],
  down: ['DROP TABLE letter_run_entry', 'DROP TABLE letter_run'],
};
