import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD, ModuleRef, Reflector } from '@nestjs/core';
import { OutboxRelay, TRANSACTIONS } from '@parlance/messaging';
import type { Logger } from '@parlance/telemetry';
import { AuthGuard } from './auth/auth.guard.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { Database } from './database/database.js';
import { BackPressureGuard } from './http/back-pressure.guard.js';
import { LettersController } from './letters.controller.js';
import { OperationsController } from './operations.controller.js';
import { ReplayAdmissionController, ReplayController } from './replay.controller.js';
import { Readiness } from './readiness.js';
import type { ServiceConfig } from './service-config.js';
import { TraceReader } from './trace-reader.js';

/** Nest injection token of the logger. */
export const LOGGER = Symbol('LOGGER');
/** Nest injection token of the ServiceConfig. */
export const CONFIG = Symbol('CONFIG');

export interface PlatformParts {
  config: ServiceConfig;
  logger: Logger;
  readiness: Readiness;
  database: Database | null;
  traces: TraceReader | null;
  /** Whether MessagingModule is there, whose replays operators may ask for. */
  hasMessaging: boolean;
}

/** What every service injects: database, tokens, logger, configuration, operations routes. */
@Global()
@Module({})
export class PlatformModule {
  static of(parts: PlatformParts): DynamicModule {
    const { config, logger, readiness, database, traces, hasMessaging } = parts;
    const tokens = new TokenVerifier(config.TOKEN_JWKS_URL, config.TOKEN_ISSUER);
    return {
      module: PlatformModule,
      controllers: [
        OperationsController,
        ...(hasMessaging ? [LettersController, ReplayController, ReplayAdmissionController] : []),
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: Readiness, useValue: readiness },
        { provide: Database, useValue: database },
        { provide: TRANSACTIONS, useValue: database },
        { provide: TraceReader, useValue: traces },
        { provide: TokenVerifier, useValue: tokens },
        {
          provide: APP_GUARD,
          useFactory: (reflector: Reflector) =>
            new AuthGuard(reflector, tokens, config.OPERATOR_SECRET),
          inject: [Reflector],
        },
        {
          provide: APP_GUARD,
          useFactory: (reflector: Reflector, modules: ModuleRef) =>
            new BackPressureGuard(
              reflector,
              // A service without messaging has none.
              () => (traces === null ? undefined : modules.get(OutboxRelay, { strict: false })),
              config.BACK_PRESSURE_SECONDS,
            ),
          inject: [Reflector, ModuleRef],
        },
      ],
      exports: [CONFIG, LOGGER, Database, TRANSACTIONS, TokenVerifier, Readiness],
    };
  }
}
