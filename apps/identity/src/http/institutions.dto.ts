import { IdField, NestedField, TextField, EmailField } from '@parlance/platform';
import { Matches } from 'class-validator';

export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 128;

export class FirstAdmin {
  @TextField({ max: 200 }) displayName: string;
  @EmailField() email: string;
  @TextField({ min: MIN_PASSWORD, max: MAX_PASSWORD }) password: string;
}

export class CreateInstitution {
  @TextField({ min: 2, max: 63, about: 'lower-case letters, digits and hyphens' })
  @Matches(/^[a-z0-9][a-z0-9-]{1,62}$/)
  slug: string;

  @TextField({ max: 200 }) name: string;
  @NestedField(() => FirstAdmin) admin: FirstAdmin;
}

export class InstitutionCreated {
  @IdField() id: string;
  @TextField({ max: 63 }) slug: string;
  @TextField({ max: 200 }) name: string;
  @IdField() adminId: string;
}
