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
  ValidateIf,
} from 'class-validator';
import { EachSatisfies } from '../each-satisfies.js';
import { jsonSchemaOf } from './json-schema.js';

class Everything {
  @IsString() @MinLength(1) @MaxLength(20) text: string;
  @IsUUID() id: string;
  @IsISO8601() at: string;
  @IsInt() @Min(1) @Max(9) count: number;
  @IsNumber() points: number;
  @IsNumber({ maxDecimalPlaces: 2 }) price: number;
  @IsBoolean() isOpen: boolean;
  @IsObject() body: object;
  @IsIn(['b', 'a']) status: string;
  @Matches(/^[A-C][12]$/) level: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @IsString({ each: true })
  @MaxLength(8, { each: true })
  tags: string[];
  @IsArray() @EachSatisfies((x) => x === 1, { type: 'integer', minimum: 1, maximum: 1 }) ones: 1[];
}

class Conditions {
  @IsOptional() @IsString() @MaxLength(5) note?: string | null;
  @ValidateIf((_, value) => value !== null) @IsNumber() points: number | null;
  @ValidateIf((_, value) => value !== undefined) @IsInt() count?: number;
  @IsOptional() @IsIn(['x']) kind?: 'x';
}

describe('the schema of a class', () => {
  it('says what each decorator asks', () => {
    expect(jsonSchemaOf(Everything)).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        text: { type: 'string', minLength: 1, maxLength: 20 },
        id: { type: 'string', format: 'uuid' },
        at: { type: 'string', format: 'date-time' },
        count: { type: 'integer', minimum: 1, maximum: 9 },
        points: { type: 'number' },
        price: { type: 'number', multipleOf: 0.01 },
        isOpen: { type: 'boolean' },
        body: { type: 'object' },
        status: { type: 'string', enum: ['a', 'b'] },
        level: { type: 'string', pattern: '^[A-C][12]$' },
        tags: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', maxLength: 8 } },
        ones: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 1 } },
      },
      required: 'at body count id isOpen level ones points price status tags text'.split(' '),
    });
  });

  it('tells what may be null from what may be left out, as class-validator does', () => {
    expect(jsonSchemaOf(Conditions)).toEqual({
      $schema: expect.any(String),
      type: 'object',
      properties: {
        // @IsOptional() passes over null too.
        note: { type: ['null', 'string'], maxLength: 5 },
        points: { type: ['null', 'number'] },
        count: { type: 'integer' },
        kind: { type: ['null', 'string'], enum: ['x', null] },
      },
      required: ['points'],
    });
  });
});

describe('what cannot be described is refused, never left out', () => {
  it('a rule nobody has translated', () => {
    class Contact {
      @IsEmail() address: string;
    }
    expect(() => jsonSchemaOf(Contact)).toThrow(/^Contact\.address has the rule isEmail, which/);
  });

  it('a condition on another field', () => {
    class Answer {
      @ValidateIf((answer: Answer) => answer.kind === 'text') @IsString() text: string;
      @IsString() kind: string;
    }
    expect(() => jsonSchemaOf(Answer)).toThrow(/Answer\.text has a condition on more than null/);
  });

  it('a condition on the value itself', () => {
    class Answer {
      @ValidateIf((_, value) => value !== '') @IsUUID() id: string;
    }
    expect(() => jsonSchemaOf(Answer)).toThrow(/Answer\.id has a condition/);
  });

  it('elements without a declared schema', () => {
    class List {
      @EachSatisfies(() => true) items: unknown[];
    }
    expect(() => jsonSchemaOf(List)).toThrow(/List\.items has the rule eachSatisfies/);
  });

  it('a pattern whose flags JSON Schema does not have, a UUID of one version, NaN', () => {
    class Flags {
      @Matches(/^a$/i) text: string;
    }
    class Version {
      @IsUUID('4') id: string;
    }
    class NotJson {
      @IsNumber({ allowNaN: true }) value: number;
    }
    for (const data of [Flags, Version, NotJson]) expect(() => jsonSchemaOf(data)).toThrow(/rule/);
  });

  it('a bound given twice', () => {
    class Twice {
      @IsString() @MaxLength(5) @MaxLength(9) text: string;
    }
    class Both {
      @IsUUID() @IsISO8601() text: string;
    }
    expect(() => jsonSchemaOf(Twice)).toThrow(/Twice\.text has maxLength twice/);
    expect(() => jsonSchemaOf(Both)).toThrow(/Both\.text has format twice/);
  });

  it('two types at once', () => {
    class Both {
      @IsString() @IsInt() value: unknown;
    }
    expect(() => jsonSchemaOf(Both)).toThrow(/Both\.value has both/);
  });
});
