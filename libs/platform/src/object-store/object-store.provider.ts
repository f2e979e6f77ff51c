import type { FactoryProvider } from '@nestjs/common';
import { CONFIG } from '../platform.module.js';
import type { ServiceConfig } from '../service-config.js';
import { ObjectStore } from './object-store.js';

/** For the modules of services that keep media or recordings. */
export const objectStoreProvider: FactoryProvider<ObjectStore> = {
  provide: ObjectStore,
  useFactory: (config: ServiceConfig) =>
    new ObjectStore({
      bucket: config.OBJECT_BUCKET,
      createsBucket: config.TOPOLOGY_MODE === 'create',
    }),
  inject: [CONFIG],
};
