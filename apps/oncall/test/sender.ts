import type { TestService } from '@parlance/platform/testing';

export interface Sent {
  status: number;
  // Tests assert the shape of whatever comes.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it is what the test is about
  body: any;
  headers: Headers;
}

/** Posts an export, or anything instead of one, to the receiver. */
export async function send(
  service: TestService,
  path: '/v1/traces' | '/v1/logs' | '/v1/metrics',
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: (isRaw ? body : JSON.stringify(body)) as string,
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}
