import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ServiceConfig } from '@parlance/platform';
import { type AskedService, ONCALL_CONFIG, type OncallConfig } from './oncall-config.js';

/** Calls the services' operator routes. Rejects when one is away, slow, or says anything but yes. */
@Injectable()
export class OperatorCalls {
  constructor(
    @Inject(ONCALL_CONFIG) private readonly config: OncallConfig,
    @Inject(CONFIG) private readonly platform: ServiceConfig,
  ) {}

  get services(): readonly AskedService[] {
    return this.config.services;
  }

  /** No longer than this: a service that is ill may be what is being looked for. */
  patience(): AbortSignal {
    return AbortSignal.timeout(this.config.patienceMs);
  }

  get(service: AskedService, path: string, signal = this.patience()): Promise<unknown> {
    return this.call(service, path, signal, { method: 'GET', headers: unsampled() });
  }

  post(service: AskedService, path: string, body: object): Promise<unknown> {
    return this.call(service, path, this.patience(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  private async call(
    { name, url }: AskedService,
    path: string,
    signal: AbortSignal,
    given: { method: string; headers?: Record<string, string>; body?: string },
  ): Promise<unknown> {
    if (url === undefined) throw new Error(`${name} is not configured`);
    const authorization = `Operator ${this.platform.OPERATOR_SECRET}`;
    const headers = { ...given.headers, authorization };
    const response = await fetch(`${url}/${path}`, {
      ...given,
      headers,
      signal,
      redirect: 'error',
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${name} answered ${response.status} for ${path}`);
    return body;
  }
}

/** On-call looking is no work of the platform: its spans would bury those that matter. */
function unsampled(): Record<string, string> {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceparent: `00-${traceId}-${spanId}-00` };
}
