import { Body, Controller, Delete, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { GradePolicy } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import { type Actor, CurrentActor, IdPipe, Roles } from '@parlance/platform';
import { Excusals } from '../excusals.js';
import { Simulations } from '../simulations.js';
import {
  ExcusalDto,
  type GradePolicyDto,
  PolicySimulationDto,
  SimulationDto,
} from './gradebook.dto.js';

@Controller('gradebooks')
export class PoliciesController {
  constructor(
    private readonly simulations: Simulations,
    private readonly excusals: Excusals,
  ) {}

  @Post(':classId/policy-simulations')
  @HttpCode(200)
  @Roles('teacher', 'admin')
  @ApiOperation({ summary: 'What a policy would make of the scores there are; changes nothing' })
  @ApiOkResponse({ type: SimulationDto })
  simulate(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: Id,
    @Body() { assignmentId, policy }: PolicySimulationDto,
  ) {
    return this.simulations.run(actor, classId, { assignmentId, policy: policyOf(policy) });
  }

  @Put(':classId/excusals/:assignmentId/:learnerId')
  @HttpCode(204)
  @Roles('teacher', 'admin')
  @ApiOperation({ summary: 'The learner need not do it: it leaves their totals' })
  async excuse(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: Id,
    @Param('assignmentId', IdPipe) assignmentId: Id,
    @Param('learnerId', IdPipe) learnerId: Id,
    @Body() { reason }: ExcusalDto,
  ): Promise<void> {
    const which = { classId, assignmentId, learnerId };
    await this.excusals.say(actor, which, { isExcused: true, reason });
  }

  @Delete(':classId/excusals/:assignmentId/:learnerId')
  @HttpCode(204)
  @Roles('teacher', 'admin')
  @ApiOperation({ summary: 'It counts again' })
  async unexcuse(
    @CurrentActor() actor: Actor,
    @Param('classId', IdPipe) classId: Id,
    @Param('assignmentId', IdPipe) assignmentId: Id,
    @Param('learnerId', IdPipe) learnerId: Id,
  ): Promise<void> {
    const which = { classId, assignmentId, learnerId };
    await this.excusals.say(actor, which, { isExcused: false, reason: null });
  }
}

function policyOf({ attempts, late, missing }: GradePolicyDto): GradePolicy {
  return {
    attempts,
    late: late ? { ...late, graceSeconds: late.graceSeconds ?? 60 } : null,
    missing: missing ? { deductionPercent: missing.deductionPercent } : null,
  };
}
