import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const SHA256 = /^[0-9a-f]{64}$/;

/** A checksum in lower-case hexadecimal. */
export function Sha256Field() {
  return applyDecorators(
    ApiProperty({ type: String, pattern: SHA256.source }),
    Matches(SHA256, { message: '$property must be 64 lower-case hexadecimal digits' }),
  );
}
