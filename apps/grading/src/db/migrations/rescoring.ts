import { APP_ROLE, type SqlMigration, tenantTable } from '@parlance/platform';

const OWN = 'institution_id = app_institution()';
const ANY = `current_setting('app.rescoring', true) = 'on'`;

/** Campaigns that score finished work again with a corrected item version. */
export const rescoring: SqlMigration = {
  name: 'Rescoring1760000000300',
  up: [
    `CREATE TABLE rescore_campaign (
       institution_id uuid NOT NULL,
       id uuid NOT NULL,
       item_id uuid,
       from_version_id uuid NOT NULL,
       to_version_id uuid NOT NULL,
       reason text NOT NULL,
       never_lower boolean NOT NULL,
       state text NOT NULL CHECK (state IN ('previewing', 'draft', 'applying', 'paused',
         'cancelled', 'applied', 'reverting', 'reverted')),
       pass text NOT NULL CHECK (pass IN ('preview', 'apply', 'revert')),
       version integer NOT NULL,
       opened_by uuid,
       opened_at timestamptz NOT NULL,
       approved_by uuid,
       approved_at timestamptz,
       corrected_xid xid8,
       sweep_is_final boolean NOT NULL DEFAULT false,
       finished_at timestamptz,
       cursor_assignment uuid NOT NULL,
       cursor_attempt uuid NOT NULL,
       counts jsonb NOT NULL,
       lease_token uuid,
       lease_until timestamptz,
       PRIMARY KEY (institution_id, id),
       CHECK (approved_by IS DISTINCT FROM opened_by OR approved_by IS NULL),
       CHECK (from_version_id <> to_version_id))`,
    `CREATE INDEX rescore_campaign_work ON rescore_campaign (id)
       WHERE state IN ('previewing', 'applying', 'reverting')`,
    `CREATE UNIQUE INDEX rescore_campaign_live ON rescore_campaign
       (institution_id, from_version_id, to_version_id)
       WHERE state NOT IN ('cancelled', 'reverted')`,
    // The worker looks for campaigns of every institution; a transaction has to say so.
    `ALTER TABLE rescore_campaign ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE rescore_campaign FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY institution ON rescore_campaign USING (${OWN} OR ${ANY}) WITH CHECK (${OWN} OR ${ANY})`,
    `GRANT SELECT, INSERT, UPDATE ON rescore_campaign TO ${APP_ROLE}`,

    // What a campaign did to each attempt. Its key is what makes a pass happen once per attempt.
    `CREATE TABLE rescore_outcome (
       institution_id uuid NOT NULL,
       campaign_id uuid NOT NULL,
       pass text NOT NULL CHECK (pass IN ('apply', 'revert')),
       attempt_id uuid NOT NULL,
       class_id uuid NOT NULL,
       outcome text NOT NULL CHECK (outcome IN ('rescored', 'kept', 'marked', 'unscorable')),
       points_before numeric NOT NULL,
       points_after numeric NOT NULL,
       score_version integer NOT NULL,
       PRIMARY KEY (institution_id, campaign_id, pass, attempt_id),
       FOREIGN KEY (institution_id, campaign_id) REFERENCES rescore_campaign)`,
    ...tenantTable('rescore_outcome', 'SELECT, INSERT'),

    `CREATE TABLE rescore_impact (
       institution_id uuid NOT NULL,
       campaign_id uuid NOT NULL,
       class_id uuid NOT NULL,
       attempts integer NOT NULL,
       raised integer NOT NULL,
       lowered integer NOT NULL,
       same integer NOT NULL,
       untouched integer NOT NULL,
       points_change numeric NOT NULL,
       samples jsonb NOT NULL,
       PRIMARY KEY (institution_id, campaign_id, class_id),
       FOREIGN KEY (institution_id, campaign_id) REFERENCES rescore_campaign)`,
    ...tenantTable('rescore_impact'),

    // Attempts that are handed in after the correction are scored right from the start.
    `CREATE TABLE spec_correction (
       institution_id uuid NOT NULL,
       item_version_id uuid NOT NULL,
       corrected_version_id uuid NOT NULL,
       campaign_id uuid NOT NULL,
       PRIMARY KEY (institution_id, item_version_id))`,
    ...tenantTable('spec_correction'),
  ],
  down: [
    'DROP TABLE spec_correction',
    'DROP TABLE rescore_impact',
    'DROP TABLE rescore_outcome',
    'DROP TABLE rescore_campaign',
  ],
};
