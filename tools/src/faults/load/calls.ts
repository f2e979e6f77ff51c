import type { Api, CallOptions } from '../../api.js';
import { pause } from '../arena/wait-until.js';
import type { Outcome, Try } from './history.js';

/** A call that takes longer is given up: nobody knows whether it had its effect. */
const CALL_MS = 12_000;
const PAUSE_MS = 400;

export interface Told {
  outcome: Outcome;
  tries: Try[];
  body: unknown;
}

export interface Wanted {
  method: string;
  path: string;
  token: () => Promise<string>;
  body: object;
  key: string;
  /** Tries before the client gives up not knowing. */
  patience: number;
}

/** Calls until the answer is known, always with the same Idempotency-Key. */
export async function callUntilKnown(
  api: Api,
  wanted: Wanted,
  tried: (attempt: Try) => void,
): Promise<Told> {
  const tries: Try[] = [];
  for (;;) {
    const { answer, attempt } = await callOnce(api, wanted);
    tries.push(attempt);
    tried(attempt);
    const { outcome } = attempt;
    if (outcome !== 'unknown' || tries.length >= wanted.patience) {
      return { outcome: known(tries), tries, body: answer };
    }
    await pause(PAUSE_MS * Math.min(tries.length, 5));
  }
}

/** A refusal after a try nobody knows the end of proves nothing about that one. */
function known(tries: Try[]): Outcome {
  const last = tries.at(-1)?.outcome ?? 'unknown';
  const isDoubtful = last === 'fail' && tries.some(({ outcome }) => outcome === 'unknown');
  return isDoubtful ? 'unknown' : last;
}

async function callOnce(api: Api, wanted: Wanted): Promise<{ answer: unknown; attempt: Try }> {
  const at = new Date().toISOString();
  try {
    const options: CallOptions = {
      token: await wanted.token(),
      body: wanted.body,
      headers: { 'idempotency-key': wanted.key },
      timeoutMs: CALL_MS,
    };
    const { status, body, requestId } = await api.call(wanted.method, wanted.path, options);
    const code = (body as { code?: string } | undefined)?.code ?? '';
    return {
      answer: body,
      attempt: { at, outcome: outcomeOf(status, code), status, code, requestId },
    };
  } catch {
    return {
      answer: undefined,
      attempt: { at, outcome: 'unknown', status: 0, code: '', requestId: '' },
    };
  }
}

/** Asked again: what has not arrived yet, and what asks to be asked again. */
const PASSING = ['assignment-not-found', 'test-not-available', 'start-contended'];

function outcomeOf(status: number, code: string): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  const isRefusal = status >= 400 && status < 500;
  return isRefusal && status !== 401 && status !== 429 && !PASSING.includes(code)
    ? 'fail'
    : 'unknown';
}
