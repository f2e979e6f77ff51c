import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@parlance/platform';
import { oncallMigration } from './db/migrations/oncall.js';
import { DeadLetters } from './dead-letters.js';
import { MessagingPageController } from './http/messaging-page.controller.js';
import { MetricsController, MetricsReceiver } from './http/metrics.controller.js';
import { OtlpController } from './http/otlp.controller.js';
import { MAX_EXPORT_BYTES } from './http/otlp-export.js';
import { PagesController } from './http/pages.controller.js';
import { TracesController } from './http/traces.controller.js';
import { Intake } from './intake.js';
import { Metrics } from './metrics.js';
import { ONCALL_CONFIG, readOncallConfig } from './oncall-config.js';
import { OperatorSessions } from './operator-sessions.js';
import { Retention } from './retention.js';
import { Traces } from './traces.js';
import { Witnesses } from './witnesses.js';

@Module({
  controllers: [
    OtlpController,
    MetricsReceiver,
    MetricsController,
    TracesController,
    PagesController,
    MessagingPageController,
  ],
  providers: [
    { provide: ONCALL_CONFIG, useFactory: () => readOncallConfig(process.env) },
    Retention,
    Intake,
    Metrics,
    Witnesses,
    Traces,
    DeadLetters,
    OperatorSessions,
  ],
})
class OncallModule {}

/**
 * Depends on none of what it watches: no outbox, no queues of its own, and no telemetry of its own
 * either, for each batch it stored would make the next one.
 */
export const oncall: ServiceDefinition = {
  name: 'oncall',
  title: 'On-call: traces over all services, dead letters',
  module: OncallModule,
  migrations: [oncallMigration],
  messaging: false,
  exportsTelemetry: false,
  unprefixed: [
    '/',
    'v1/traces',
    'v1/logs',
    'v1/metrics',
    'messaging',
    'api/v1/traces/:id',
    'traces/:id',
    'sign-in',
    'sign-out',
  ],
  rawBodies: [
    { contentType: 'application/json', maxBytes: MAX_EXPORT_BYTES },
    // Taken only to be refused with a sentence that says what to set.
    { contentType: 'application/x-protobuf', maxBytes: MAX_EXPORT_BYTES },
    { contentType: 'application/x-www-form-urlencoded', maxBytes: 4096 },
  ],
};
