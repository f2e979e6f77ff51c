import { type SqlMigration, tenantTable } from '@parlance/platform';

const APPEND_ONLY = 'SELECT, INSERT';

const keyed = (...columns: string[]) => `institution_id uuid NOT NULL DEFAULT app_institution(),
       ${columns.join(',\n       ')}`;

const ofItem = 'FOREIGN KEY (institution_id, item_id) REFERENCES item';

/** Items written here: their drafts, reviews, comments, and the way each of them went. */
export const authoredItems: SqlMigration = {
  name: 'AuthoredItems1795000000003',
  up: [
    `ALTER TABLE item
       ADD COLUMN status text NOT NULL DEFAULT 'published'
         CHECK (status IN ('draft', 'in-review', 'published', 'retired', 'quarantined')),
       ADD COLUMN type text NOT NULL DEFAULT '',
       ADD COLUMN author_id uuid,
       ADD COLUMN topics text[] NOT NULL DEFAULT '{}',
       ADD COLUMN can_do text[] NOT NULL DEFAULT '{}'`,
    `CREATE INDEX item_status ON item (institution_id, status, id)`,
    // Written here, not brought by an import.
    `ALTER TABLE item_version ALTER COLUMN import_id DROP NOT NULL`,
    `ALTER TABLE item_version ADD COLUMN source jsonb, ADD COLUMN published_by uuid`,
    `ALTER TABLE test_version ALTER COLUMN import_id DROP NOT NULL`,
    `ALTER TABLE test_version ADD COLUMN published_by uuid`,
    `CREATE TABLE item_draft (${keyed(
      'item_id uuid NOT NULL',
      'version integer NOT NULL CHECK (version > 0)',
      `state text NOT NULL CHECK (state IN ('draft', 'in-review'))`,
      'title text NOT NULL',
      'source jsonb NOT NULL',
      `faults jsonb NOT NULL`,
      `warnings text[] NOT NULL`,
      'editor_ids uuid[] NOT NULL',
      'approved_by uuid',
      'updated_at timestamptz NOT NULL DEFAULT now()',
      'PRIMARY KEY (institution_id, item_id)',
      ofItem,
    )})`,
    `CREATE TABLE item_review (${keyed(
      'id uuid NOT NULL',
      'item_id uuid NOT NULL',
      'draft_version integer NOT NULL',
      'reviewer_id uuid NOT NULL',
      `verdict text NOT NULL CHECK (verdict IN ('approve', 'request-changes'))`,
      'comment text NOT NULL',
      'created_at timestamptz NOT NULL DEFAULT now()',
      'PRIMARY KEY (institution_id, id)',
      ofItem,
    )})`,
    `CREATE INDEX item_review_item ON item_review (institution_id, item_id, id)`,
    `CREATE TABLE item_comment (${keyed(
      'id uuid NOT NULL',
      'item_id uuid NOT NULL',
      'author_id uuid NOT NULL',
      'text text NOT NULL',
      'resolved_by uuid',
      'resolved_at timestamptz',
      'created_at timestamptz NOT NULL DEFAULT now()',
      'PRIMARY KEY (institution_id, id)',
      ofItem,
    )})`,
    `CREATE INDEX item_comment_item ON item_comment (institution_id, item_id, id)`,
    `CREATE TABLE item_step (${keyed(
      'id uuid NOT NULL',
      'item_id uuid NOT NULL',
      'step text NOT NULL',
      'status text NOT NULL',
      'item_version_id uuid',
      'reason text NOT NULL',
      'actor_id uuid NOT NULL',
      'trace_id text',
      'created_at timestamptz NOT NULL DEFAULT now()',
      'PRIMARY KEY (institution_id, id)',
      ofItem,
    )})`,
    `CREATE INDEX item_step_item ON item_step (institution_id, item_id, id)`,
    `CREATE INDEX item_step_trace ON item_step (trace_id)`,
    `CREATE TABLE item_correction (${keyed(
      'old_version_id uuid NOT NULL',
      'new_version_id uuid NOT NULL',
      'item_id uuid NOT NULL',
      'reason text NOT NULL',
      'actor_id uuid NOT NULL',
      'created_at timestamptz NOT NULL DEFAULT now()',
      'PRIMARY KEY (institution_id, new_version_id, old_version_id)',
      'FOREIGN KEY (institution_id, old_version_id) REFERENCES item_version',
      'FOREIGN KEY (institution_id, new_version_id) REFERENCES item_version',
      ofItem,
    )})`,
    `CREATE TABLE bank_policy (${keyed(
      'review_required boolean NOT NULL',
      'version integer NOT NULL',
      'changed_by uuid NOT NULL',
      'PRIMARY KEY (institution_id)',
    )})`,
    ...tenantTable('item_draft'),
    ...tenantTable('item_review', APPEND_ONLY),
    ...tenantTable('item_comment', 'SELECT, INSERT, UPDATE'),
    ...tenantTable('item_step', APPEND_ONLY),
    ...tenantTable('item_correction', APPEND_ONLY),
    ...tenantTable('bank_policy', 'SELECT, INSERT, UPDATE'),
  ],
  down: [
    'bank_policy',
    'item_correction',
    'item_step',
    'item_comment',
    'item_review',
    'item_draft',
  ].map((table) => `DROP TABLE ${table}`),
};
