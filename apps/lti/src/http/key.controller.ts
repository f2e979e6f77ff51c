import { Body, Controller, Get, Header, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { OperatorOnly, Public } from '@parlance/platform';
import { JWKS_MAX_AGE_SECONDS, ToolKeys } from '../tool-keys.js';
import { JwksDto, NewRotationDto, RotationDto } from './key.dto.js';

@Controller('lti')
export class KeyController {
  constructor(private readonly keys: ToolKeys) {}

  @Public()
  @Get('jwks')
  @Header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @ApiOperation({ summary: 'Keys by which an LMS checks our messages.' })
  @ApiOkResponse({ type: JwksDto })
  toolKeys() {
    return this.keys.publicKeys('tool');
  }

  @Public()
  @Get('assertion-jwks')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'Keys by which identity checks launch assertions.' })
  @ApiOkResponse({ type: JwksDto })
  assertionKeys() {
    return this.keys.publicKeys('assertion');
  }

  @OperatorOnly()
  @Post('key-rotations')
  @ApiOperation({ summary: 'Stages the next signing key; it signs once every cache has it.' })
  @ApiCreatedResponse({ type: RotationDto })
  async rotate(@Body() body: NewRotationDto): Promise<RotationDto> {
    const { kid, signsFrom } = await this.keys.rotate(body.purpose);
    return { kid, signsFrom: signsFrom.toISOString() };
  }
}
