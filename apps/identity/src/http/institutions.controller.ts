import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { OperatorOnly } from '@parlance/platform';
import { Institutions } from '../institutions.js';
import { CreateInstitution, InstitutionCreated } from './institutions.dto.js';

@Controller('institutions')
export class InstitutionsController {
  constructor(private readonly institutions: Institutions) {}

  @OperatorOnly()
  @Post()
  @ApiCreatedResponse({ type: InstitutionCreated })
  create(@Body() body: CreateInstitution): Promise<InstitutionCreated> {
    return this.institutions.create(body);
  }
}
