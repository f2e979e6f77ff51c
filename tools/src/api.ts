/** The platform's public API as a client sees it: used by the seed, the demo and the benches. */
export interface Answer<T> {
  status: number;
  body: T;
  requestId: string;
  headers: Headers;
}

export interface CallOptions {
  token?: string;
  /** A whole Authorization header, for what is not a bearer token. */
  authorization?: string;
  body?: unknown;
  zip?: Uint8Array;
  headers?: Record<string, string>;
  /** Longest wait for the answer; by default as long as it takes. */
  timeoutMs?: number;
}

/** The API answered with an error the caller did not expect. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const RETRIED = new Set([429, 502, 503, 504]);
const MAX_TRIES = 60;

export class Api {
  constructor(readonly baseUrl: string) {}

  /** Any answer, whatever its status. Throws only when there is none. */
  async call<T = unknown>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    const { token, authorization, body, zip, headers = {}, timeoutMs } = options;
    const sent: Record<string, string> = { ...headers };
    if (token !== undefined) sent.authorization = `Bearer ${token}`;
    if (authorization !== undefined) sent.authorization = authorization;
    if (body !== undefined) sent['content-type'] = 'application/json';
    if (zip !== undefined) sent['content-type'] = 'application/zip';
    const response = await fetch(`${this.baseUrl}/api/v1${path}`, {
      method,
      headers: sent,
      ...(zip === undefined ? {} : { body: Buffer.from(zip) }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
      requestId: response.headers.get('x-request-id') ?? '',
      headers: response.headers,
    };
  }

  /**
   * The body of a successful answer. Waits and tries again while the platform says it is not
   * available, or says nothing at all; so POSTs that create must carry an Idempotency-Key.
   */
  async get<T = Record<string, unknown>>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<T> {
    return (await this.expect<T>(method, path, options)).body;
  }

  async expect<T = Record<string, unknown>>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.call<T>(method, path, options).catch((error: unknown) => {
        if (attempt >= MAX_TRIES) throw error;
        return undefined;
      });
      if (answer !== undefined && answer.status < 300) return answer;
      if (answer !== undefined && (!RETRIED.has(answer.status) || attempt >= MAX_TRIES)) {
        const problem = answer.body as { code?: string; detail?: string } | undefined;
        throw new UnexpectedAnswer(
          answer.status,
          problem?.code ?? '',
          `${method} ${path} answered ${answer.status} ${problem?.code ?? ''}: ` +
            `${problem?.detail ?? 'no detail'} (request ${answer.requestId})`,
        );
      }
      const wait = Number(answer?.headers.get('retry-after') ?? 0) * 1000;
      await new Promise((resolve) => setTimeout(resolve, Math.max(wait, 250)));
    }
  }
}
