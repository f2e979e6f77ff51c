import { AsyncLocalStorage } from 'node:async_hooks';

/** Who the present work is for; goes into every log line of it. Ids only, never names. */
export interface RequestContext {
  requestId: string;
  institutionId?: string;
  personId?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function runInRequestContext<T>(request: RequestContext, work: () => T): T {
  return storage.run(request, work);
}

export function requestContext(): RequestContext | undefined {
  return storage.getStore();
}
