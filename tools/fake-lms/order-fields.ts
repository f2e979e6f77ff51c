import type { JsonObject } from './compact-jwt.js';

/** The control desk was asked for something it cannot do; the message goes back to the caller. */
export class BadOrder extends Error {}

export function text(body: JsonObject, key: string): string {
  const value = body[key];
  if (typeof value !== 'string' || value === '') throw new BadOrder(`${key} must be text.`);
  return value;
}

export function optionalText(body: JsonObject, key: string): string | undefined {
  return body[key] === undefined || body[key] === null ? undefined : text(body, key);
}

export function texts(body: JsonObject, key: string): string[] {
  const value = body[key];
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw new BadOrder(`${key} must be a list of texts.`);
  }
  return value;
}

export function wholeNumber(body: JsonObject, key: string, fallback: number): number {
  const value = body[key] ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new BadOrder(`${key} must be a whole number.`);
  }
  return value;
}

/** Turns the platform's own objections (unknown user, link or tool) into a bad order. */
export async function ask<Answer>(act: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    throw new BadOrder(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
