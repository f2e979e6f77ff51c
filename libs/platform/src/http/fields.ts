import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';

/** Fields of request and response bodies: one decorator says type, limits and documentation. */
interface Common {
  about?: string;
  optional?: boolean;
}

function field(options: Common, api: ApiPropertyOptions, rules: PropertyDecorator[]) {
  const { about, optional = false } = options;
  const documented = (about === undefined ? api : { ...api, description: about }) as object;
  return optional
    ? applyDecorators(ApiPropertyOptional(documented), IsOptional(), ...rules)
    : applyDecorators(ApiProperty(documented), ...rules);
}

export function TextField(options: Common & { min?: number; max: number }) {
  const { min = 1, max } = options;
  const rules = [IsString(), MinLength(min), MaxLength(max)];
  return field(options, { type: String, minLength: min, maxLength: max }, rules);
}

export function IdField(options: Common = {}) {
  return field(options, { type: String, format: 'uuid' }, [IsUUID()]);
}

export function EmailField(options: Common = {}) {
  return field(options, { type: String, format: 'email' }, [IsEmail(), MaxLength(254)]);
}

/** RFC 3339 instant with an offset. */
export function InstantField(options: Common = {}) {
  const rules = [IsISO8601({ strict: true, strictSeparator: true })];
  return field(options, { type: String, format: 'date-time' }, rules);
}

export function IntegerField(options: Common & { min: number; max: number }) {
  const { min, max } = options;
  const rules = [IsInt(), Min(min), Max(max)];
  return field(options, { type: 'integer', minimum: min, maximum: max }, rules);
}

export function NumberField(options: Common & { min?: number; max?: number } = {}) {
  const { min, max } = options;
  const rules: PropertyDecorator[] = [IsNumber({ maxDecimalPlaces: 6 })];
  if (min !== undefined) rules.push(Min(min));
  if (max !== undefined) rules.push(Max(max));
  const range = {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
  return field(options, { type: Number, ...range }, rules);
}

export function BooleanField(options: Common = {}) {
  return field(options, { type: Boolean }, [IsBoolean()]);
}

export function ChoiceField(values: readonly string[], options: Common = {}) {
  return field(options, { type: String, enum: [...values] }, [IsIn([...values])]);
}

export function ChoicesField(values: readonly string[], options: Common & { min?: number } = {}) {
  const { min = 0 } = options;
  const rules = [IsArray(), ArrayMinSize(min), ArrayMaxSize(50), IsIn([...values], { each: true })];
  return field(options, { type: [String], enum: [...values], isArray: true }, rules);
}

export function TextListField(options: Common & { maxItems: number; max: number }) {
  const { maxItems, max } = options;
  const rules = [
    IsArray(),
    ArrayMaxSize(maxItems),
    IsString({ each: true }),
    MaxLength(max, { each: true }),
  ];
  return field(options, { type: [String], maxItems }, rules);
}

/** An object the service checks itself, such as the responses to an item. */
export function ObjectField(options: Common = {}) {
  return field(options, { type: Object, additionalProperties: true }, [IsObject()]);
}

/** Any JSON at all, in an answer; there is nothing to check. */
export function AnyField(options: Omit<Common, 'optional'> = {}) {
  return field({ ...options, optional: true }, { type: Object, nullable: true }, []);
}

export function NestedField(type: () => new () => object, options: Common = {}) {
  return field(options, { type: lazily(type) }, [IsObject(), ValidateNested(), Type(type)]);
}

export function ListField(
  type: () => new () => object,
  options: Common & { min?: number; max: number },
) {
  const { min = 0, max } = options;
  const rules = [
    IsArray(),
    ArrayMinSize(min),
    ArrayMaxSize(max),
    ValidateNested({ each: true }),
    Type(type),
  ];
  const api = { type: lazily(type), isArray: true, minItems: min, maxItems: max };
  return field(options, api, rules);
}

/** Nest's OpenAPI knows a class that is named later by one sign: the function is called `type`. */
function lazily(of: () => new () => object): () => new () => object {
  const type = () => of();
  return type;
}

/** A text of one form, such as a checksum or a name that others refer to. */
export function PatternField(pattern: RegExp, options: Common = {}) {
  const message = `$property must match ${pattern.source}`;
  const api = { type: String, pattern: pattern.source };
  return field(options, api, [IsString(), Matches(pattern, { message })]);
}

export function IdListField(options: Common & { maxItems: number }) {
  const { maxItems } = options;
  const rules = [IsArray(), ArrayMaxSize(maxItems), IsUUID(undefined, { each: true })];
  return field(options, { type: [String], format: 'uuid', maxItems }, rules);
}
