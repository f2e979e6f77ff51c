import { APP_ROLE, monthlyPartitions, type SqlMigration, tenantTable } from '@parlance/platform';

/**
 * Ids by which a request or a worker finds its institution. Own rows are written like any other;
 * all are seen only by a transaction that says so (`app.lti_lookup`), so that a forgotten filter
 * elsewhere finds nothing.
 */
function lookUpTable(table: string): string[] {
  const own = 'institution_id = app_institution()';
  const lookUp = `current_setting('app.lti_lookup', true) = 'on'`;
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY institution ON ${table} USING (${own} OR ${lookUp}) WITH CHECK (${own} OR ${lookUp})`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${APP_ROLE}`,
  ];
}

const REGISTRATION = [
  `CREATE TABLE registration (
     id uuid NOT NULL,
     institution_id uuid NOT NULL,
     issuer text NOT NULL,
     client_id text NOT NULL,
     auth_url text NOT NULL,
     token_url text NOT NULL,
     jwks_url text NOT NULL,
     token_audience text,
     product_family text NOT NULL DEFAULT '',
     allowed_hosts text[] NOT NULL,
     allow_private_hosts boolean NOT NULL DEFAULT false,
     clock_leeway_seconds int NOT NULL DEFAULT 60 CHECK (clock_leeway_seconds BETWEEN 0 AND 300),
     status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
     version int NOT NULL DEFAULT 1,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     scores_held_until timestamptz,
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, issuer, client_id))`,
  ...tenantTable('registration', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE platform_key (
     institution_id uuid NOT NULL,
     registration_id uuid NOT NULL,
     issuer text NOT NULL,
     client_id text NOT NULL,
     auth_url text NOT NULL,
     PRIMARY KEY (institution_id, registration_id),
     FOREIGN KEY (institution_id, registration_id) REFERENCES registration (institution_id, id))`,
  `CREATE INDEX platform_key_issuer ON platform_key (issuer, client_id, registration_id)`,
  ...lookUpTable('platform_key'),
  `CREATE TABLE deployment (
     id uuid NOT NULL,
     institution_id uuid NOT NULL,
     registration_id uuid NOT NULL,
     deployment_id text NOT NULL CHECK (length(deployment_id) BETWEEN 1 AND 255),
     class_id uuid,
     status text NOT NULL CHECK (status IN ('pending', 'active', 'disabled')),
     platform_guid text,
     version int NOT NULL DEFAULT 1,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     last_seen_at timestamptz,
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, registration_id, deployment_id),
     CHECK (status <> 'active' OR class_id IS NOT NULL),
     FOREIGN KEY (institution_id, registration_id) REFERENCES registration (institution_id, id))`,
  ...tenantTable('deployment', 'SELECT, INSERT, UPDATE'),
  // One deployment of one client id belongs to one institution, whoever shares the client id.
  `CREATE TABLE deployment_key (
     issuer text NOT NULL,
     client_id text NOT NULL,
     deployment_id text NOT NULL,
     institution_id uuid NOT NULL,
     registration_id uuid NOT NULL,
     PRIMARY KEY (issuer, client_id, deployment_id),
     FOREIGN KEY (institution_id, registration_id) REFERENCES registration (institution_id, id))`,
  ...lookUpTable('deployment_key'),
  // Seen in a launch while several institutions share the client id: only an operator may look.
  `CREATE TABLE unclaimed_deployment (
     issuer text NOT NULL,
     client_id text NOT NULL,
     deployment_id text NOT NULL,
     first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     PRIMARY KEY (issuer, client_id, deployment_id))`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON unclaimed_deployment TO ${APP_ROLE}`,
];

const LAUNCH = [
  // Before the id_token nobody knows the institution. Hashes only: a leak opens no launch.
  `CREATE TABLE login (
     state_hash bytea PRIMARY KEY,
     nonce_hash bytea NOT NULL,
     browser_hash bytea NOT NULL,
     issuer text NOT NULL,
     client_id text NOT NULL,
     deployment_id text,
     target_link_uri text NOT NULL,
     storage_target text,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     expires_at timestamptz NOT NULL,
     consumed_at timestamptz)`,
  `CREATE INDEX login_expiry ON login (expires_at)`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON login TO ${APP_ROLE}`,
  `CREATE TABLE resource_link (
     id uuid NOT NULL,
     institution_id uuid NOT NULL,
     registration_id uuid NOT NULL,
     deployment uuid NOT NULL,
     resource_link_id text NOT NULL,
     context_id text,
     assignment_id uuid,
     bound_by text CHECK (bound_by IN ('custom', 'admin')),
     requested_assignment_id uuid,
     scopes text[] NOT NULL DEFAULT '{}',
     line_item_url text,
     line_items_url text,
     version int NOT NULL DEFAULT 1,
     launched_at timestamptz,
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, deployment, resource_link_id),
     FOREIGN KEY (institution_id, registration_id) REFERENCES registration (institution_id, id),
     FOREIGN KEY (institution_id, deployment) REFERENCES deployment (institution_id, id))`,
  `CREATE INDEX resource_link_assignment ON resource_link (institution_id, assignment_id)`,
  `CREATE INDEX resource_link_requested ON resource_link (institution_id, requested_assignment_id)
     WHERE assignment_id IS NULL`,
  ...tenantTable('resource_link'),
  `CREATE TABLE link_user (
     institution_id uuid NOT NULL,
     resource_link uuid NOT NULL,
     subject text NOT NULL,
     launched_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, resource_link, subject),
     FOREIGN KEY (institution_id, resource_link) REFERENCES resource_link (institution_id, id))`,
  ...tenantTable('link_user'),
  `CREATE TABLE launch (
     id uuid NOT NULL,
     institution_id uuid NOT NULL,
     registration_id uuid NOT NULL,
     resource_link uuid NOT NULL,
     role text NOT NULL,
     assignment_id uuid,
     trace_id text,
     launched_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     PRIMARY KEY (institution_id, id, launched_at)
   ) PARTITION BY RANGE (launched_at)`,
  `CREATE INDEX launch_trace ON launch (trace_id)`,
  ...tenantTable('launch', 'SELECT, INSERT'),
  ...monthlyPartitions('launch'),
];

const READ_MODELS = [
  `CREATE TABLE assignment (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     class_id uuid NOT NULL,
     title text NOT NULL,
     points_possible numeric NOT NULL,
     status text NOT NULL,
     PRIMARY KEY (institution_id, id))`,
  ...tenantTable('assignment'),
  `CREATE TABLE class_teacher (
     institution_id uuid NOT NULL,
     enrolment_id uuid NOT NULL,
     class_id uuid NOT NULL,
     person_id uuid NOT NULL,
     is_teaching boolean NOT NULL,
     version bigint NOT NULL,
     PRIMARY KEY (institution_id, enrolment_id))`,
  `CREATE INDEX class_teacher_person ON class_teacher (institution_id, person_id, class_id)
     WHERE is_teaching`,
  ...tenantTable('class_teacher', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE learner_link (
     institution_id uuid NOT NULL,
     registration_id uuid NOT NULL,
     subject text NOT NULL,
     identity_id uuid NOT NULL,
     person_id uuid NOT NULL,
     PRIMARY KEY (institution_id, registration_id, subject))`,
  `CREATE INDEX learner_link_person ON learner_link (institution_id, person_id)`,
  ...tenantTable('learner_link'),
  `CREATE TABLE cell (
     institution_id uuid NOT NULL,
     assignment_id uuid NOT NULL,
     learner_id uuid NOT NULL,
     cell_id uuid NOT NULL,
     cell_version int NOT NULL,
     status text NOT NULL,
     points numeric,
     points_possible numeric NOT NULL,
     traceparent text,
     trace_id text,
     PRIMARY KEY (institution_id, assignment_id, learner_id))`,
  `CREATE INDEX cell_learner ON cell (institution_id, learner_id)`,
  ...tenantTable('cell'),
];

const DELIVERY = [
  // One row per (line item, learner): allocates timestamps, orders and leases the deliveries.
  `CREATE TABLE delivery_stream (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     registration_id uuid NOT NULL,
     resource_link uuid NOT NULL,
     identity_id uuid NOT NULL,
     last_scored_at timestamptz NOT NULL,
     due_at timestamptz,
     lease_until timestamptz,
     lease_token uuid,
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, resource_link, identity_id),
     FOREIGN KEY (institution_id, resource_link) REFERENCES resource_link (institution_id, id))`,
  `CREATE INDEX delivery_stream_due ON delivery_stream (due_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX delivery_stream_registration ON delivery_stream (institution_id, registration_id)
     WHERE due_at IS NOT NULL`,
  ...lookUpTable('delivery_stream'),
  `CREATE TABLE delivery (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     stream_id uuid NOT NULL,
     assignment_id uuid NOT NULL,
     learner_id uuid NOT NULL,
     cell_id uuid NOT NULL,
     cell_version int NOT NULL,
     subject text NOT NULL,
     points numeric NOT NULL,
     points_possible numeric NOT NULL,
     scored_at timestamptz NOT NULL,
     body text NOT NULL,
     status text NOT NULL
       CHECK (status IN ('pending', 'delivered', 'failed', 'orphaned', 'superseded')),
     reason text,
     http_status int,
     attempts int NOT NULL DEFAULT 0,
     may_have_arrived boolean NOT NULL DEFAULT false,
     restamped boolean NOT NULL DEFAULT false,
     traceparent text,
     trace_id text,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     first_tried_at timestamptz,
     last_tried_at timestamptz,
     delivered_at timestamptz,
     PRIMARY KEY (institution_id, id),
     FOREIGN KEY (institution_id, stream_id) REFERENCES delivery_stream (institution_id, id))`,
  `CREATE UNIQUE INDEX delivery_version
     ON delivery (institution_id, stream_id, cell_id, cell_version)`,
  `CREATE INDEX delivery_pending ON delivery (institution_id, stream_id, scored_at)
     WHERE status = 'pending'`,
  `CREATE INDEX delivery_assignment ON delivery (institution_id, assignment_id, id)`,
  `CREATE INDEX delivery_learner ON delivery (institution_id, learner_id, id)`,
  `CREATE INDEX delivery_trace ON delivery (trace_id)`,
  ...tenantTable('delivery', 'SELECT, INSERT, UPDATE'),
];

const KEYS = [
  `CREATE TABLE tool_key (
     kid text PRIMARY KEY,
     purpose text NOT NULL CHECK (purpose IN ('tool', 'assertion')),
     public_jwk jsonb NOT NULL,
     sealed_private bytea NOT NULL,
     secret_id text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     signs_from timestamptz NOT NULL,
     gone_at timestamptz)`,
  `GRANT SELECT, INSERT, UPDATE ON tool_key TO ${APP_ROLE}`,
];

const TABLES = [
  'tool_key',
  'delivery',
  'delivery_stream',
  'cell',
  'learner_link',
  'class_teacher',
  'assignment',
  'launch',
  'link_user',
  'resource_link',
  'login',
  'unclaimed_deployment',
  'deployment_key',
  'deployment',
  'platform_key',
  'registration',
];

export const ltiMigration: SqlMigration = {
  name: 'Lti1764000000000',
  up: [...REGISTRATION, ...LAUNCH, ...READ_MODELS, ...DELIVERY, ...KEYS],
  down: [
    ...TABLES.map((table) => `DROP TABLE ${table}`),
    `DELETE FROM partition_plan WHERE parent = 'launch'`,
  ],
};
