import { SERVICES, type ServiceName } from '@parlance/events';
import { addressOf, layoutOf } from '../start/layout.js';
import { readRunFile } from '../start/run-file.js';

/** The command cannot go on; the message says why and what to do. */
export class CannotReplay extends Error {
  override readonly name = 'CannotReplay';
}

/** A service refused what it was asked; the sentence is its own. */
export class Refused extends CannotReplay {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Opening a rebuild, comparing and swapping take their time in the service. */
const PATIENCE_MS = 30 * 60_000;

/** The operators' doors of the services, which the gateway does not lead to. */
export class OperatorCalls {
  constructor(
    private readonly addresses: Readonly<Record<ServiceName, string>>,
    private readonly secret: string,
  ) {}

  get<T>(service: ServiceName, path: string): Promise<T> {
    return this.call<T>(service, 'GET', path);
  }

  /** Undefined where there is no such thing. */
  async find<T>(service: ServiceName, path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(service, path);
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined;
      throw error;
    }
  }

  async call<T>(service: ServiceName, method: string, path: string, body?: unknown): Promise<T> {
    const url = `${this.addresses[service]}/internal/${path}`;
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(url, {
        method,
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: {
          authorization: `Operator ${this.secret}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await answer.text();
    } catch {
      throw new CannotReplay(
        `${service} does not answer at ${this.addresses[service]}. Is the platform still running? ` +
          `${service.toUpperCase()}_URL names another address.`,
      );
    }
    if (answer.ok) return JSON.parse(text) as T;
    throw refusal(service, answer.status, text);
  }
}

function refusal(service: ServiceName, status: number, text: string): Refused {
  let problem: { code?: string; detail?: string; errors?: { detail: string }[] } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    // Whatever answered is not one of our services; its status is all there is to say.
  }
  if (status === 401) {
    const detail = 'was started with another operator secret: name its data folder with --data.';
    return new Refused(status, 'operator-required', `${service} ${detail}`);
  }
  const faults = (problem.errors ?? []).map(({ detail }) => detail).join('; ');
  const more = problem.code === 'invalid-input' && faults !== '' ? ` (${faults})` : '';
  const detail = problem.detail ?? `answered ${status}.`;
  return new Refused(status, problem.code ?? '', `${service}: ${detail}${more}`);
}

/** Where the services are: by their variables, e.g. GRADEBOOK_URL, or beside the gateway. */
export function serviceAddresses(
  folder: string,
  env: NodeJS.ProcessEnv,
): Record<ServiceName, string> {
  const run = readRunFile(folder);
  const named = SERVICES.every((name) => env[`${name.toUpperCase()}_URL`]);
  if (run === undefined && !named) {
    throw new CannotReplay(
      `Nothing runs from ${folder}. Start the platform with npm start, or name its data folder with ` +
        '--data DIR.',
    );
  }
  const ports = run && layoutOf(folder, Number(new URL(run.gateway).port)).ports;
  const entries = SERVICES.map((name) => {
    const given = env[`${name.toUpperCase()}_URL`]?.replace(/\/$/, '');
    return [name, given ?? addressOf(ports?.[name] ?? 0)] as const;
  });
  return Object.fromEntries(entries) as Record<ServiceName, string>;
}
