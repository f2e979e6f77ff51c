import { Controller, Get, Header, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { OperatorOnly, Public, TextField } from '@parlance/platform';
import type { JWK } from 'jose';
import { SigningKeys } from '../signing-keys.js';

class KeyPublished {
  @TextField({ max: 100 }) kid: string;
}

/** The public keys of access tokens (RFC 7517). */
@Controller('jwks')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Public()
  @Get()
  @Header('cache-control', 'public, max-age=300')
  @ApiOkResponse({ description: 'JSON Web Key Set' })
  get(): { keys: JWK[] } {
    return this.keys.jwks();
  }

  /** Publishes the next key; it signs from an hour later. */
  @OperatorOnly()
  @Post('rotations')
  @ApiCreatedResponse({ type: KeyPublished })
  rotate(): Promise<KeyPublished> {
    return this.keys.beginRotation();
  }
}
