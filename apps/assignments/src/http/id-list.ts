import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsUUID } from 'class-validator';

const MAX_IDS = 1000;

/** A list of ids, at most 1,000. */
export function IdListField(options: { optional?: boolean; about?: string } = {}) {
  const { optional = false, about } = options;
  const api: ApiPropertyOptions = {
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    maxItems: MAX_IDS,
    ...(about === undefined ? {} : { description: about }),
  };
  const rules = [IsArray(), ArrayMaxSize(MAX_IDS), IsUUID(undefined, { each: true })];
  return optional
    ? applyDecorators(ApiPropertyOptional(api), IsOptional(), ...rules)
    : applyDecorators(ApiProperty(api), ...rules);
}
