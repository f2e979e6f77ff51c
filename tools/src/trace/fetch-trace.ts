import type { TraceView } from './view.js';

/** `unknown`: nobody knows the id; `refused`: wrong secret or wrong id; `away`: no answer. */
export type TraceFault = 'unknown' | 'refused' | 'away';

/** The trace cannot be shown; the message says why and what to do. */
export class TraceUnavailable extends Error {
  constructor(
    readonly fault: TraceFault,
    message: string,
  ) {
    super(message);
  }
}

/** On-call itself waits up to 3 s for each service. */
const PATIENCE_MS = 15_000;

/** Everything known of a request or record, from on-call. Throws TraceUnavailable. */
export async function fetchTrace(
  oncallUrl: string,
  secret: string,
  id: string,
): Promise<TraceView> {
  const url = `${oncallUrl.replace(/\/$/, '')}/api/v1/traces/${encodeURIComponent(id)}`;
  let answer: Response;
  let body: { code?: string; detail?: string } | TraceView;
  try {
    const headers = { authorization: `Operator ${secret}` };
    answer = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    body = (await answer.json()) as typeof body;
  } catch {
    throw new TraceUnavailable(
      'away',
      `On-call does not answer at ${oncallUrl}. Is the platform still running? ` +
        'Its log is oncall.log in the logs folder of the data.',
    );
  }
  if (answer.ok && 'spans' in body) return body;
  const detail = 'detail' in body ? body.detail : undefined;
  if (answer.status === 404) throw new TraceUnavailable('unknown', detail ?? `Unknown: ${id}`);
  if (answer.status === 401) {
    throw new TraceUnavailable(
      'refused',
      `On-call at ${oncallUrl} was started with another operator secret: ` +
        'name its data folder with --data DIR, or set OPERATOR_SECRET.',
    );
  }
  const fault = answer.status === 400 ? 'refused' : 'away';
  throw new TraceUnavailable(fault, detail ?? `On-call answered ${answer.status}.`);
}
