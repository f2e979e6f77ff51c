import { APP_ROLE, type SqlMigration, tenantTable } from '@parlance/platform';

const INSTITUTION = [
  `CREATE TABLE institution (
     institution_id uuid PRIMARY KEY,
     slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
     name text NOT NULL,
     trace_id text,
     created_at timestamptz NOT NULL DEFAULT now())`,
  `CREATE INDEX institution_trace ON institution (trace_id)`,
  ...tenantTable('institution', 'SELECT, INSERT'),
  // Sign-in knows a slug before it knows the institution: it sees the one row it can name.
  `CREATE POLICY by_slug ON institution FOR SELECT
     USING (slug = nullif(current_setting('app.institution_slug', true), ''))`,
];

const PERSON = [
  `CREATE TABLE person (
     institution_id uuid NOT NULL REFERENCES institution,
     id uuid NOT NULL,
     display_name text NOT NULL,
     email text CHECK (email = lower(email)),
     roles text[] NOT NULL CHECK (cardinality(roles) > 0
       AND roles <@ ARRAY['admin', 'teacher', 'learner', 'support']),
     status text NOT NULL CHECK (status IN ('active', 'suspended')),
     locale text,
     version integer NOT NULL,
     trace_id text,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, email))`,
  `CREATE INDEX person_by_name ON person (institution_id, display_name, id)`,
  `CREATE INDEX person_trace ON person (trace_id)`,
  ...tenantTable('person', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE password (
     institution_id uuid NOT NULL,
     person_id uuid NOT NULL,
     hash text NOT NULL,
     set_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (institution_id, person_id),
     FOREIGN KEY (institution_id, person_id) REFERENCES person)`,
  ...tenantTable('password'),
];

const CLASS = [
  `CREATE TABLE class (
     institution_id uuid NOT NULL REFERENCES institution,
     id uuid NOT NULL,
     name text NOT NULL,
     status text NOT NULL CHECK (status IN ('active', 'archived')),
     version integer NOT NULL,
     trace_id text,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (institution_id, id))`,
  `CREATE INDEX class_by_name ON class (institution_id, name, id)`,
  `CREATE INDEX class_trace ON class (trace_id)`,
  ...tenantTable('class', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE enrolment (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     class_id uuid NOT NULL,
     person_id uuid NOT NULL,
     role text NOT NULL CHECK (role IN ('learner', 'teacher')),
     status text NOT NULL CHECK (status IN ('active', 'ended')),
     version integer NOT NULL,
     trace_id text,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, class_id, person_id),
     FOREIGN KEY (institution_id, class_id) REFERENCES class,
     FOREIGN KEY (institution_id, person_id) REFERENCES person)`,
  `CREATE INDEX enrolment_by_person ON enrolment (institution_id, person_id, class_id)`,
  `CREATE INDEX enrolment_trace ON enrolment (trace_id)`,
  ...tenantTable('enrolment', 'SELECT, INSERT, UPDATE'),
];

const SIGN_IN = [
  // One row per signed-in device; a refresh replaces the hash in place.
  `CREATE TABLE session (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     person_id uuid NOT NULL,
     secret_hash bytea NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     expires_at timestamptz NOT NULL,
     ended_at timestamptz,
     end_reason text,
     PRIMARY KEY (institution_id, id),
     FOREIGN KEY (institution_id, person_id) REFERENCES person)`,
  `CREATE INDEX session_by_person ON session (institution_id, person_id)`,
  ...tenantTable('session'),
  `CREATE TABLE invitation (
     institution_id uuid NOT NULL,
     person_id uuid NOT NULL,
     code_hash bytea NOT NULL,
     expires_at timestamptz NOT NULL,
     redeemed_at timestamptz,
     PRIMARY KEY (institution_id, person_id),
     UNIQUE (institution_id, code_hash),
     FOREIGN KEY (institution_id, person_id) REFERENCES person)`,
  ...tenantTable('invitation'),
  `CREATE TABLE account_failure (
     institution_id uuid NOT NULL,
     account_hash bytea NOT NULL,
     failures integer NOT NULL,
     window_ends_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, account_hash))`,
  `CREATE INDEX account_failure_old ON account_failure (institution_id, window_ends_at)`,
  ...tenantTable('account_failure'),
  // No institution: one address may try its luck at many. It holds nobody's data but a keyed hash.
  `CREATE TABLE address_failure (
     address_hash bytea PRIMARY KEY,
     failures integer NOT NULL,
     window_ends_at timestamptz NOT NULL)`,
  `CREATE INDEX address_failure_old ON address_failure (window_ends_at)`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON address_failure TO ${APP_ROLE}`,
  // No institution: the platform signs with one set of keys. The private half is sealed.
  `CREATE TABLE signing_key (
     kid text PRIMARY KEY,
     state text NOT NULL CHECK (state IN ('published', 'active', 'retiring')),
     state_since timestamptz NOT NULL,
     public_jwk jsonb NOT NULL,
     sealed_private_key bytea NOT NULL)`,
  `CREATE UNIQUE INDEX signing_key_one_active ON signing_key (state) WHERE state = 'active'`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON signing_key TO ${APP_ROLE}`,
];

const LTI = [
  `CREATE TABLE lti_identity (
     institution_id uuid NOT NULL,
     id uuid NOT NULL,
     registration_id uuid NOT NULL,
     subject text NOT NULL,
     person_id uuid NOT NULL,
     trace_id text,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (institution_id, id),
     UNIQUE (institution_id, registration_id, subject),
     FOREIGN KEY (institution_id, person_id) REFERENCES person)`,
  `CREATE INDEX lti_identity_trace ON lti_identity (trace_id)`,
  ...tenantTable('lti_identity', 'SELECT, INSERT'),
  `CREATE TABLE used_assertion (
     institution_id uuid NOT NULL REFERENCES institution,
     jti text NOT NULL,
     expires_at timestamptz NOT NULL,
     PRIMARY KEY (institution_id, jti))`,
  `CREATE INDEX used_assertion_old ON used_assertion (institution_id, expires_at)`,
  ...tenantTable('used_assertion', 'SELECT, INSERT, DELETE'),
];

export const identityMigration: SqlMigration = {
  name: 'Identity1700000100000',
  up: [...INSTITUTION, ...PERSON, ...CLASS, ...SIGN_IN, ...LTI],
  down: [
    'used_assertion',
    'lti_identity',
    'signing_key',
    'address_failure',
    'account_failure',
    'invitation',
    'session',
    'enrolment',
    'class',
    'password',
    'person',
    'institution',
  ].map((table) => `DROP TABLE ${table}`),
};
