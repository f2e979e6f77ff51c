import { Global, Module, type Type } from '@nestjs/common';
import type { ServiceName } from '@parlance/events';
import {
  awsClients,
  type MessagingConfig,
  MessagingModule,
  TRANSACTIONS,
  type TransactionSource,
} from '@parlance/messaging';
import { BENCH_EVENTS } from './bench-event.js';

export interface BenchServiceParts {
  config: Partial<MessagingConfig> & { service: ServiceName; prefix: string };
  endpoint: string;
  transactions: TransactionSource;
  controllers: Type[];
}

/** A service of the platform with nothing but messaging. */
export function benchService({ config, endpoint, transactions, controllers }: BenchServiceParts) {
  @Global()
  @Module({
    providers: [{ provide: TRANSACTIONS, useValue: transactions }],
    exports: [TRANSACTIONS],
  })
  class DatabaseModule {}

  @Module({
    imports: [
      DatabaseModule,
      MessagingModule.forRoot(
        { topologyMode: 'create', events: BENCH_EVENTS, ...config },
        { clients: awsClients({ AWS_ENDPOINT_URL: endpoint }) },
      ),
    ],
    controllers,
  })
  class ServiceModule {}

  return ServiceModule;
}
