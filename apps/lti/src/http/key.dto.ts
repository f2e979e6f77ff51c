import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, InstantField, TextField } from '@parlance/platform';

export class JwksDto {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  keys: Record<string, unknown>[];
}

export class NewRotationDto {
  @ChoiceField(['tool', 'assertion']) purpose: 'tool' | 'assertion';
}

export class RotationDto {
  @TextField({ max: 100 }) kid: string;
  @InstantField() signsFrom: string;
}
