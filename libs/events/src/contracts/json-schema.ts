import 'reflect-metadata';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { EACH_SATISFIES } from '../each-satisfies.js';

export type JsonType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string';

/** The part of JSON Schema 2020-12 that contracts are written in. */
export interface JsonSchema {
  $schema?: string;
  type?: JsonType | JsonType[];
  enum?: unknown[];
  format?: string;
  pattern?: string;
  multipleOf?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  /** Absent: unknown fields are kept. */
  additionalProperties?: boolean | JsonSchema;
}

type Rule = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/**
 * JSON Schema of what a class with class-validator's decorators accepts. Throws for a decorator it
 * does not know and for a condition that looks at other fields: those must be declared here first,
 * so that no contract says less than the code checks.
 *
 * One difference is meant: `format: date-time` is what producers write, while `@IsISO8601()` also
 * reads dates without a time.
 */
export function jsonSchemaOf(data: new () => object): JsonSchema {
  const rules = getMetadataStorage().getTargetValidationMetadatas(data, '', false, false);
  const byField = Map.groupBy(rules, ({ propertyName }) => propertyName);
  const required = [...byField].filter(([, own]) => !admits(undefined, own)).map(([name]) => name);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries([...byField].map(([name, own]) => [name, fieldSchema(own)])),
    required: required.sort(),
  };
}

function fieldSchema(rules: Rule[]): JsonSchema {
  const checks = rules.filter((rule) => !isCondition(rule));
  const parts = checks.filter(({ each }) => !each).map(ruleSchema);
  const eachParts = checks.filter(({ each }) => each).map(ruleSchema);
  const [one] = rules as [Rule];
  if (eachParts.length > 0) parts.push({ type: 'array', items: combined(one, eachParts) });
  const { type, ...schema } = combined(one, parts);
  if (!admits(null, rules)) return { ...(type && { type }), ...schema };
  return {
    ...(type && { type: [type as JsonType, 'null' as const].sort() }),
    ...schema,
    ...(schema.enum && { enum: [...schema.enum, null] }),
  };
}

/** All of the parts at once; `rule` names the field in an error. */
function combined(rule: Rule, parts: JsonSchema[]): JsonSchema {
  const types = new Set(parts.flatMap(({ type }) => type ?? []));
  // IsNumber beside IsInt says no more than IsInt.
  if (types.has('integer')) types.delete('number');
  if (types.size > 1) throw undescribed(rule, `both ${[...types].join(' and ')}`);
  const [type] = types;
  const words = parts.flatMap(({ type: _, ...rest }) => Object.entries(rest));
  const twice = words.find(([word], at) => words.findIndex(([other]) => other === word) < at);
  if (twice !== undefined) throw undescribed(rule, `${twice[0]} twice`);
  return { ...(type && { type }), ...Object.fromEntries(words) };
}

/** What each decorator asks, by the name class-validator knows it under. */
const KNOWN: Record<string, (constraints: unknown[]) => JsonSchema | undefined> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: ([options]) => numberSchema((options ?? {}) as Record<string, unknown>),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  isUuid: ([version]) =>
    version === undefined || version === 'all' ? { type: 'string', format: 'uuid' } : undefined,
  isIso8601: () => ({ type: 'string', format: 'date-time' }),
  isIn: ([values]) => enumSchema(values as unknown[]),
  matches: ([pattern]) => patternSchema(pattern as RegExp),
  min: ([minimum]) => ({ minimum: minimum as number }),
  max: ([maximum]) => ({ maximum: maximum as number }),
  minLength: ([minLength]) => ({ type: 'string', minLength: minLength as number }),
  maxLength: ([maxLength]) => ({ type: 'string', maxLength: maxLength as number }),
  arrayMinSize: ([minItems]) => ({ type: 'array', minItems: minItems as number }),
  arrayMaxSize: ([maxItems]) => ({ type: 'array', maxItems: maxItems as number }),
  [EACH_SATISFIES]: ([items]) =>
    items ? { type: 'array', items: items as JsonSchema } : undefined,
};

function ruleSchema(rule: Rule): JsonSchema {
  const schema = KNOWN[rule.name ?? '']?.(rule.constraints ?? []);
  if (schema === undefined) throw undescribed(rule, `the rule ${rule.name ?? rule.type}`);
  return schema;
}

function numberSchema({ maxDecimalPlaces, ...rest }: Record<string, unknown>) {
  if (Object.keys(rest).length > 0) return undefined;
  const places = maxDecimalPlaces as number | undefined;
  return { type: 'number' as const, ...(places !== undefined && { multipleOf: 10 ** -places }) };
}

function enumSchema(values: unknown[]): JsonSchema {
  const types = new Set(values.map((value) => typeof value));
  const isText = types.size === 1 && types.has('string');
  return { ...(isText && { type: 'string' }), enum: [...values].sort() };
}

function patternSchema({ source, flags }: RegExp): JsonSchema | undefined {
  return flags === '' || flags === 'u' ? { type: 'string', pattern: source } : undefined;
}

function isCondition({ type }: Rule): boolean {
  return type === ValidationTypes.CONDITIONAL_VALIDATION;
}

/** Whether a condition of the field lets a value pass before any rule is asked. */
function admits(value: null | undefined, rules: Rule[]): boolean {
  return rules.filter(isCondition).some((rule) => {
    if (rule.name === 'isOptional') return true;
    const asks = rule.constraints[0] as (object: object, value: unknown) => boolean;
    const others = new Proxy({}, { get: () => fail(rule) });
    const never = ['', 'x', 0, 1, true, {}, []].some((sample) => !asks(others, sample));
    return never ? fail(rule) : !asks(others, value);
  });
}

function fail(rule: Rule): never {
  throw undescribed(rule, 'a condition on more than null and undefined');
}

function undescribed(rule: Rule, what: string): Error {
  return new Error(
    `${(rule.target as { name: string }).name}.${rule.propertyName} has ${what}, ` +
      'which libs/events/src/contracts/json-schema.ts cannot describe.',
  );
}
