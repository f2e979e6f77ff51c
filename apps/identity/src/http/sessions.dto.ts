import {
  ChoiceField,
  ChoicesField,
  IdField,
  IntegerField,
  NestedField,
  ROLES,
  TextField,
} from '@parlance/platform';
import type { Role } from '@parlance/platform';

const GRANT_TYPES = ['password', 'invitation', 'refresh', 'lti-launch'] as const;

/** Which of the fields are needed depends on `grantType`. */
export class CreateSession {
  @ChoiceField(GRANT_TYPES) grantType: (typeof GRANT_TYPES)[number];
  @TextField({ optional: true, max: 63, about: 'password: slug of the institution' })
  institution?: string;
  @TextField({ optional: true, max: 254, about: 'password' }) email?: string;
  @TextField({ optional: true, max: 128, about: 'password; invitation: the one to set, if any' })
  password?: string;
  @TextField({ optional: true, max: 100, about: 'invitation' }) code?: string;
  @TextField({ optional: true, max: 200, about: 'refresh' }) refreshToken?: string;
  @TextField({ optional: true, max: 8000, about: 'lti-launch: from the launch page' })
  assertion?: string;
}

export class SignedInPerson {
  @IdField() id: string;
  @TextField({ max: 200 }) displayName: string;
  @ChoicesField(ROLES) roles: Role[];
  @IdField() institutionId: string;
}

export class SessionCreated {
  @TextField({ max: 8000 }) accessToken: string;
  @ChoiceField(['Bearer']) tokenType: 'Bearer';
  @IntegerField({ min: 1, max: 3600 }) expiresInSeconds: number;
  @TextField({ max: 200, about: 'works once; the answer to its use holds the next' })
  refreshToken: string;
  @NestedField(() => SignedInPerson) person: SignedInPerson;
}
