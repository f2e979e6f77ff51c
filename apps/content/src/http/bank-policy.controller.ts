import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, IfMatchVersion, Roles, Versioned } from '@parlance/platform';
import { BankPolicy } from '../bank-policy.js';
import type { PolicyRow } from '../db/item-record.store.js';
import { PolicyBody, PolicyView } from './item-workflow.dto.js';

@ApiTags('items')
@Roles('teacher', 'admin')
@Controller('bank-policy')
export class BankPolicyController {
  constructor(private readonly policy: BankPolicy) {}

  @ApiOkResponse({ type: PolicyView })
  @Versioned()
  @Get()
  get(@CurrentActor() actor: Actor): Promise<PolicyRow> {
    return this.policy.get(actor);
  }

  /** Version 0 is that of a policy nobody has set yet. */
  @Roles('admin')
  @ApiOkResponse({ type: PolicyView })
  @Versioned()
  @Put()
  set(
    @CurrentActor() actor: Actor,
    @IfMatchVersion() seen: number,
    @Body() body: PolicyBody,
  ): Promise<PolicyRow> {
    return this.policy.set(actor, seen, body);
  }
}
