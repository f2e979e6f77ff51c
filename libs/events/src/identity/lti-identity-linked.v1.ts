import { IsString, IsUUID, MaxLength } from 'class-validator';
import { defineEvent } from '../define.js';

export class LtiIdentityLinkedData {
  @IsUUID() ltiIdentityId: string;
  @IsUUID() personId: string;
  @IsUUID() registrationId: string;
  /** `sub` of the id_token: opaque, at most 255 characters (LTI Core 1.3, 5.3.6). */
  @IsString() @MaxLength(255) subject: string;
}

export const LtiIdentityLinked = defineEvent({
  type: 'identity.lti-identity-linked.v1',
  owner: 'identity',
  consumers: ['lti'],
  data: LtiIdentityLinkedData,
  subject: 'ltiIdentityId',
  pii: ['subject'],
  summary: 'A user of an LMS was joined to a person.',
});
