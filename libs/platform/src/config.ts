/** One environment variable: how to read it, or why it cannot be read. */
export interface Variable<T> {
  readonly fallback?: T;
  readonly about: string;
  parse(text: string): T;
}

type Values<S> = { [K in keyof S]: S[K] extends Variable<infer T> ? T : never };

/** Every fault of the environment at once, so that it is mended in one go. */
export class ConfigInvalid extends Error {
  constructor(readonly faults: string[]) {
    super(`The environment is not complete:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigInvalid';
  }
}

export function readConfig<S extends Record<string, Variable<unknown>>>(
  schema: S,
  env: NodeJS.ProcessEnv,
): Values<S> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, variable] of Object.entries(schema)) {
    const text = env[name];
    if (text === undefined || text === '') {
      if ('fallback' in variable) values[name] = variable.fallback;
      else faults.push(`${name} is missing: ${variable.about}`);
      continue;
    }
    try {
      values[name] = variable.parse(text);
    } catch (error) {
      // The text itself may be a secret; the parser's message never repeats it.
      faults.push(`${name} ${(error as Error).message}: ${variable.about}`);
    }
  }
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return values as Values<S>;
}

function variable<T>(about: string, parse: (text: string) => T, rest: { fallback?: T }) {
  return { about, parse, ...rest };
}

export function text(about: string, rest: { fallback?: string; minLength?: number } = {}) {
  const { minLength = 1, ...fallback } = rest;
  const parse = (value: string) => {
    if (value.length < minLength) throw new Error(`must have at least ${minLength} characters`);
    return value;
  };
  return variable<string>(about, parse, fallback);
}

export function optionalText(about: string): Variable<string | undefined> {
  return { about, parse: (value) => value, fallback: undefined };
}

export function url(about: string, protocols: string[], rest: { fallback?: string } = {}) {
  const parse = (value: string) => {
    if (!URL.canParse(value)) throw new Error('is not a URL');
    if (!protocols.includes(new URL(value).protocol)) {
      throw new Error(`must start with ${protocols.join(' or ')}`);
    }
    return value.replace(/\/$/, '');
  };
  return variable<string>(about, parse, rest);
}

export function wholeNumber(
  about: string,
  range: { min: number; max: number; fallback?: number },
): Variable<number> {
  const { min, max, ...rest } = range;
  const parse = (value: string) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return number;
  };
  return variable<number>(about, parse, rest);
}

export function oneOf<T extends string>(about: string, options: readonly T[], fallback: T) {
  const parse = (value: string) => {
    if (!options.includes(value as T)) throw new Error(`must be one of ${options.join(', ')}`);
    return value as T;
  };
  return variable<T>(about, parse, { fallback });
}
