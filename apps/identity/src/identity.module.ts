import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@parlance/platform';
import { AccessTokens } from './access-tokens.js';
import { Announcements } from './announcements.js';
import { Classes } from './classes.js';
import { identityMigration } from './db/migrations/identity.js';
import { Enrolments } from './enrolments.js';
import { ClassesController } from './http/classes.controller.js';
import { EnrolmentsController } from './http/enrolments.controller.js';
import { InstitutionsController } from './http/institutions.controller.js';
import { JwksController } from './http/jwks.controller.js';
import { PeopleController } from './http/people.controller.js';
import { SessionsController } from './http/sessions.controller.js';
import { IDENTITY_CONFIG, readIdentityConfig } from './identity-config.js';
import { Institutions } from './institutions.js';
import { Invitations } from './invitations.js';
import { KeySeal } from './key-seal.js';
import { LtiLaunches } from './lti-launches.js';
import { PasswordSignIns } from './password-sign-in.js';
import { Passwords } from './passwords.js';
import { BulkPeople } from './people-bulk.js';
import { People } from './people.js';
import { Sessions } from './sessions.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  controllers: [
    InstitutionsController,
    SessionsController,
    JwksController,
    PeopleController,
    ClassesController,
    EnrolmentsController,
  ],
  providers: [
    { provide: IDENTITY_CONFIG, useFactory: () => readIdentityConfig(process.env) },
    KeySeal,
    SigningKeys,
    AccessTokens,
    Passwords,
    Sessions,
    PasswordSignIns,
    Invitations,
    LtiLaunches,
    Announcements,
    Institutions,
    People,
    BulkPeople,
    Classes,
    Enrolments,
  ],
})
class IdentityModule {}

export const identity: ServiceDefinition = {
  name: 'identity',
  title: 'Identity: institutions, people, classes, sign-in',
  module: IdentityModule,
  migrations: [identityMigration],
  traceRecords: [
    {
      noun: 'institution',
      sql: 'SELECT institution_id AS id FROM institution WHERE trace_id = $1',
    },
    { noun: 'person', sql: 'SELECT id, status, roles, version FROM person WHERE trace_id = $1' },
    { noun: 'class', sql: 'SELECT id, status, version FROM class WHERE trace_id = $1' },
    {
      noun: 'enrolment',
      sql: `SELECT id, class_id, person_id, role, status, version
            FROM enrolment WHERE trace_id = $1`,
    },
    {
      noun: 'lti-identity',
      sql: 'SELECT id, registration_id, person_id FROM lti_identity WHERE trace_id = $1',
    },
  ],
};
