import { Refusal } from '@parlance/kernel';
import { validationPipe } from '@parlance/platform';
import type { FastifyRequest } from 'fastify';

/** Exports are large; what an operator sends is not. */
const MAX_BYTES = 32_768;

const pipe = validationPipe();

/** The JSON of a request as the class says; bodies come as bytes here. Throws a Refusal (400, 413). */
export async function checkedBody<T extends object>(
  request: FastifyRequest,
  type: new () => T,
): Promise<T> {
  const { body } = request;
  if (
    !Buffer.isBuffer(body) ||
    !/^application\/json\b/.test(request.headers['content-type'] ?? '')
  ) {
    throw new Refusal('unsupported-media-type', 'unsupported-media-type', 'Send JSON.');
  }
  if (body.length > MAX_BYTES) {
    throw new Refusal('too-large', 'body-too-large', 'The body is larger than this route takes.');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal('invalid', 'malformed-json', 'The body is not well-formed JSON.');
  }
  return checked(parsed, type);
}

/** The value as the class says. Throws a Refusal (400) that names what does not fit. */
export function checked<T extends object>(value: unknown, type: new () => T): Promise<T> {
  return pipe.transform(value, { type: 'body', metatype: type }) as Promise<T>;
}
