import type { JsonSchema, JsonType } from '../src/contracts/index.js';

/** Whether a value fits a schema: the few words of JSON Schema that contracts use, for tests. */
export function accepts(schema: JsonSchema, value: unknown): boolean {
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  if (types && !types.some((type) => isOfType(type, value))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'number') return fitsNumber(schema, value);
  if (typeof value === 'string') return fitsText(schema, value);
  if (Array.isArray(value)) {
    const { items = {}, minItems = 0, maxItems = Infinity } = schema;
    const fits = value.length >= minItems && value.length <= maxItems;
    return fits && value.every((item) => accepts(items, item));
  }
  return typeof value === 'object' && value !== null ? fitsObject(schema, value) : true;
}

function isOfType(type: JsonType, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object') {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
  return typeof value === type;
}

function fitsNumber({ minimum = -Infinity, maximum = Infinity }: JsonSchema, value: number) {
  return value >= minimum && value <= maximum;
}

const FORMATS: Record<string, RegExp> = {
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
};

function fitsText(schema: JsonSchema, value: string): boolean {
  const { minLength = 0, maxLength = Infinity, format, pattern } = schema;
  const length = [...value].length;
  return (
    length >= minLength &&
    length <= maxLength &&
    (format === undefined || FORMATS[format]?.test(value) === true) &&
    (pattern === undefined || new RegExp(pattern, 'u').test(value))
  );
}

function fitsObject(schema: JsonSchema, value: object): boolean {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  if (!required.every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(value).every(([name, inner]) => {
    if (Object.hasOwn(properties, name)) return accepts(properties[name] ?? {}, inner);
    if (typeof additionalProperties === 'boolean') return additionalProperties;
    return accepts(additionalProperties, inner);
  });
}
