import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRunFile } from '../start/run-file.js';
import { secretsIn } from '../start/secrets.js';

/** `refused`: on-call said no; `unknown`: there is no such thing; `away`: it does not answer. */
export type OncallFault = 'refused' | 'unknown' | 'away';

/** On-call did not do what was asked; the message says why and what to do. */
export class OncallSaidNo extends Error {
  constructor(
    readonly fault: OncallFault,
    message: string,
  ) {
    super(message);
  }
}

/** Long enough to look through thousands of letters. */
const PATIENCE_MS = 60_000;

interface ProblemBody {
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

/** On-call's routes for dead letters, asked as an operator. Every method throws OncallSaidNo. */
export class OncallClient {
  constructor(
    private readonly url: string,
    private readonly secret: string,
  ) {}

  /** The platform that runs from a folder, or on-call at an address. */
  static find(options: { url: string | undefined; folder: string }): OncallClient {
    const { folder } = options;
    const url = options.url ?? readRunFile(folder)?.oncall;
    if (url === undefined) {
      throw new OncallSaidNo(
        'away',
        `Nothing runs from ${folder}. Start the platform with npm start, or name its data folder ` +
          'with --data DIR, or the address of on-call with --url URL.',
      );
    }
    return new OncallClient(url, secretOf(folder));
  }

  get<T>(path: string, query: object = {}): Promise<T> {
    const text = new URLSearchParams(Object.entries(query)).toString();
    return this.call<T>('GET', text === '' ? path : `${path}?${text}`);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.call<T>('POST', path, body);
  }

  private async call<T>(method: string, path: string, sent?: object): Promise<T> {
    let answer: Response;
    let body: unknown;
    try {
      answer = await fetch(`${this.url}/api/v1/dead-letters${path}`, {
        method,
        headers: {
          authorization: `Operator ${this.secret}`,
          ...(sent && { 'content-type': 'application/json' }),
        },
        ...(sent && { body: JSON.stringify(sent) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      body = await answer.json();
    } catch {
      throw new OncallSaidNo(
        'away',
        `On-call does not answer at ${this.url}. Is the platform still running? ` +
          'Its log is oncall.log in the logs folder of the data.',
      );
    }
    if (answer.ok) return body as T;
    throw refusal(this.url, answer.status, body as ProblemBody);
  }
}

function refusal(url: string, status: number, { detail, errors = [] }: ProblemBody): OncallSaidNo {
  if (status === 401) {
    return new OncallSaidNo(
      'refused',
      `On-call at ${url} was started with another operator secret: ` +
        'name its data folder with --data DIR, or set OPERATOR_SECRET.',
    );
  }
  const fields = errors.map((fault) => `${fault.pointer.slice(1)}: ${fault.detail}`);
  const message = [detail ?? `On-call answered ${status}.`, ...fields].join(' ');
  const fault = status === 404 ? 'unknown' : status < 500 ? 'refused' : 'away';
  return new OncallSaidNo(fault, message);
}

function secretOf(folder: string): string {
  const { OPERATOR_SECRET } = process.env;
  if (OPERATOR_SECRET) return OPERATOR_SECRET;
  // Reading them would make new ones where there are none.
  if (existsSync(join(folder, 'secrets.json'))) return secretsIn(folder).operatorSecret;
  throw new OncallSaidNo(
    'refused',
    `There is no secrets.json in ${folder}: set OPERATOR_SECRET to the secret of the installation.`,
  );
}
