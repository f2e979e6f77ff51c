import { SERVICES, type Service } from './segments.js';

const PATIENCE_MS = 2_000;

export interface Health {
  ready: boolean;
  /** `ok`, or why not, for each service. */
  checks: Record<string, string>;
}

type Outcomes = (readonly [Service, string])[];

/** Asked from outside too, so that each question must not become one to every service. */
const REMEMBERED_MS = 1_000;

/**
 * Ready means: send requests here. One service that is away is that service's 503 and no reason to
 * close the only door to the others, so the gateway is ready while any of them is.
 */
export class Doorkeeper {
  private draining = false;
  private last: { outcomes: Promise<Outcomes>; untilMs: number } | undefined;

  constructor(private readonly services: Record<Service, URL>) {}

  startDraining(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  async health(): Promise<Health> {
    const outcomes = await this.outcomes();
    const checks: Record<string, string> = Object.fromEntries(outcomes);
    if (this.draining) checks.draining = 'shutting down';
    const isAnyReady = outcomes.some(([, outcome]) => outcome === 'ok');
    return { ready: !this.draining && isAnyReady, checks };
  }

  private outcomes(): Promise<Outcomes> {
    const now = performance.now();
    if (this.last === undefined || this.last.untilMs <= now) {
      const outcomes = Promise.all(
        SERVICES.map(async (service) => [service, await ask(this.services[service])] as const),
      );
      this.last = { outcomes, untilMs: now + REMEMBERED_MS };
    }
    return this.last.outcomes;
  }
}

async function ask(service: URL): Promise<string> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(new URL('/ready', service), { signal });
    await answer.body?.cancel();
    return answer.ok ? 'ok' : `not ready: ${answer.status}`;
  } catch {
    return 'not reachable';
  }
}
