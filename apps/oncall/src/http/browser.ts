import type { FastifyReply, FastifyRequest } from 'fastify';
import type { document } from '../view/layout.js';

const COOKIE = 'oncall_session';

/** Pages someone may be sent to after signing in: ours, and none that a link made up. */
const OWN_PAGE =
  /^\/(traces\/[0-9a-f-]{32,36}|messaging|dead-letters(\/[\w-]{1,64}){0,2}(\?[\w&=.:%-]{0,600})?)?$/;

export function send(reply: FastifyReply, status: number, page: ReturnType<typeof document>): void {
  void reply.status(status).headers(page.headers).send(page.body);
}

/** The path when it is one of our pages, else the first page. */
export function ownPage(path: string): string {
  return OWN_PAGE.test(path) ? path : '/';
}

/** The fields of a form that was sent. */
export function formOf(request: FastifyRequest): URLSearchParams {
  const { body } = request;
  const isForm = /^application\/x-www-form-urlencoded\b/.test(
    request.headers['content-type'] ?? '',
  );
  return new URLSearchParams(isForm && Buffer.isBuffer(body) ? body.toString('utf8') : '');
}

/** Strict: no other site can make a browser use the session. */
export function cookieOf(value: string, maxAgeSeconds: number): string {
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
}

export function cookieIn(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}
