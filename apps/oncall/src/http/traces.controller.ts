import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { OperatorOnly } from '@parlance/platform';
import { Traces } from '../traces.js';
import { TraceViewDto } from './traces.dto.js';

@ApiTags('on-call')
@OperatorOnly()
@Controller()
export class TracesController {
  constructor(private readonly traces: Traces) {}

  /**
   * By request id, or by the id of a submission, another record or an event. The page has the same
   * path without the prefix, so this one spells its prefix out.
   */
  @Get('api/v1/traces/:id')
  @ApiOkResponse({ type: TraceViewDto })
  trace(@Param('id') id: string): Promise<TraceViewDto> {
    return this.traces.find(id);
  }
}
