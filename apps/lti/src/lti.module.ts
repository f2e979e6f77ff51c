import { Module } from '@nestjs/common';
import { OutboundClient, type ServiceDefinition } from '@parlance/platform';
import { AccessTokens } from './access-tokens.js';
import { ClassTeacherStore } from './db/class-teacher.store.js';
import { DeliveryQueueStore } from './db/delivery-queue.store.js';
import { DeliveryStore } from './db/delivery.store.js';
import { DeploymentStore } from './db/deployment.store.js';
import { LoginStore } from './db/login.store.js';
import { ltiMigration } from './db/migrations/lti.js';
import { ReadModelStore } from './db/read-model.store.js';
import { RegistrationStore } from './db/registration.store.js';
import { ResourceLinkStore } from './db/resource-link.store.js';
import { ToolKeyStore } from './db/tool-key.store.js';
import { Deliverer } from './deliverer.js';
import { Deliveries } from './deliveries.js';
import { DeliveryWorker } from './delivery-worker.js';
import { OnAssignmentPublished } from './events/on-assignment-published.js';
import { OnCellChanged } from './events/on-cell-changed.js';
import { OnEnrolmentChanged } from './events/on-enrolment-changed.js';
import { OnLtiIdentityLinked } from './events/on-lti-identity-linked.js';
import { GradeService } from './grade-service.js';
import { DeliveryController } from './http/delivery.controller.js';
import { KeyController } from './http/key.controller.js';
import { LaunchController } from './http/launch.controller.js';
import { RegistrationController } from './http/registration.controller.js';
import { ResourceLinkController } from './http/resource-link.controller.js';
import { IdTokens } from './id-tokens.js';
import { Launches } from './launches.js';
import { Logins } from './logins.js';
import { LTI_CONFIG, type LtiConfig, readLtiConfig } from './lti-config.js';
import { PlatformKeys } from './platform-keys.js';
import { Registrations } from './registrations.js';
import { ResourceLinks } from './resource-links.js';
import { ToolKeys } from './tool-keys.js';

@Module({
  controllers: [
    LaunchController,
    KeyController,
    RegistrationController,
    ResourceLinkController,
    DeliveryController,
    OnCellChanged,
    OnAssignmentPublished,
    OnEnrolmentChanged,
    OnLtiIdentityLinked,
  ],
  providers: [
    { provide: LTI_CONFIG, useFactory: () => readLtiConfig(process.env) },
    {
      provide: OutboundClient,
      useFactory: (config: LtiConfig) =>
        new OutboundClient({
          userAgent: 'Parlance/0.1 (LTI 1.3 tool)',
          allowPrivateHosts: config.allowPrivateHosts,
          timeoutMs: config.outboundTimeoutMs,
        }),
      inject: [LTI_CONFIG],
    },
    ClassTeacherStore,
    Registrations,
    ResourceLinks,
    Logins,
    IdTokens,
    Launches,
    ToolKeys,
    PlatformKeys,
    AccessTokens,
    GradeService,
    Deliveries,
    DeliveryWorker,
    Deliverer,
    RegistrationStore,
    DeploymentStore,
    LoginStore,
    ResourceLinkStore,
    ReadModelStore,
    DeliveryStore,
    DeliveryQueueStore,
    ToolKeyStore,
  ],
})
export class LtiModule {}

export const lti: ServiceDefinition = {
  name: 'lti',
  title: 'LTI 1.3 tool: launches, and delivery of grades to the LMS',
  module: LtiModule,
  migrations: [ltiMigration],
  traceRecords: [
    {
      noun: 'delivery',
      sql: `SELECT id, assignment_id, cell_version, status, reason, http_status, attempts,
                   scored_at, last_tried_at, delivered_at
            FROM delivery WHERE trace_id = $1`,
    },
    {
      noun: 'launch',
      sql: `SELECT id, registration_id, assignment_id, role, launched_at
            FROM launch WHERE trace_id = $1`,
    },
  ],
  rawBodies: [{ contentType: 'application/x-www-form-urlencoded', maxBytes: 262_144 }],
};
