import {
  BooleanField,
  ChoiceField,
  IdField,
  IntegerField,
  ListField,
  NestedField,
  TextField,
  TextListField,
} from '@parlance/platform';
import { Matches } from 'class-validator';

const STATUSES = ['active', 'disabled'] as const;
/** Printable ASCII, as the specification has its identifiers. */
const ASCII = /^[\x21-\x7e]+$/;

export class ChangeRegistrationDto {
  @TextField({ max: 2000, optional: true }) authUrl?: string;
  @TextField({ max: 2000, optional: true }) tokenUrl?: string;
  @TextField({ max: 2000, optional: true }) jwksUrl?: string;
  @TextField({ max: 2000, optional: true, about: 'Audience of token requests, if not their URL' })
  tokenAudience?: string;
  @TextField({
    min: 0,
    max: 100,
    optional: true,
    about: 'canvas, moodle, blackboard, desire2learn',
  })
  productFamily?: string;
  @TextListField({
    maxItems: 50,
    max: 255,
    optional: true,
    about: 'Hosts that get our access tokens and may frame the tool, besides those of the URLs',
  })
  allowedHosts?: string[];
  @BooleanField({ optional: true, about: 'Development only: private addresses and http' })
  allowPrivateHosts?: boolean;
  @IntegerField({ min: 0, max: 300, optional: true }) clockLeewaySeconds?: number;
  @ChoiceField(STATUSES, { optional: true }) status?: 'active' | 'disabled';
}

export class NewRegistrationDto {
  @TextField({ max: 2000 }) @Matches(ASCII) issuer: string;
  @TextField({ max: 255 }) @Matches(ASCII) clientId: string;
  @TextField({ max: 2000 }) authUrl: string;
  @TextField({ max: 2000 }) tokenUrl: string;
  @TextField({ max: 2000 }) jwksUrl: string;
  @TextField({ max: 2000, optional: true, about: 'Audience of token requests, if not their URL' })
  tokenAudience?: string;
  @TextField({
    min: 0,
    max: 100,
    optional: true,
    about: 'canvas, moodle, blackboard, desire2learn',
  })
  productFamily?: string;
  @TextListField({
    maxItems: 50,
    max: 255,
    optional: true,
    about: 'Hosts that get our access tokens and may frame the tool, besides those of the URLs',
  })
  allowedHosts?: string[];
  @BooleanField({ optional: true, about: 'Development only: private addresses and http' })
  allowPrivateHosts?: boolean;
  @IntegerField({ min: 0, max: 300, optional: true }) clockLeewaySeconds?: number;
  @ChoiceField(STATUSES, { optional: true }) status?: 'active' | 'disabled';
}

export class NewDeploymentDto {
  @TextField({ max: 255 }) @Matches(ASCII) deploymentId: string;
  @IdField() classId: string;
}

export class DeploymentDto {
  @IdField() id: string;
  @TextField({ max: 255 }) deploymentId: string;
  @IdField({ optional: true, about: 'null while pending' }) classId: string | null;
  @ChoiceField(['pending', 'active', 'disabled']) status: string;
}

/** What an LMS administrator types into the platform. */
export class ToolAddressesDto {
  @TextField({ max: 2000 }) loginUrl: string;
  @TextField({ max: 2000 }) redirectUri: string;
  @TextField({ max: 2000 }) targetLinkUri: string;
  @TextField({ max: 2000 }) jwksUrl: string;
}

export class RegistrationDto {
  @IdField() id: string;
  @TextField({ max: 2000 }) issuer: string;
  @TextField({ max: 255 }) clientId: string;
  @TextField({ max: 2000 }) authUrl: string;
  @TextField({ max: 2000 }) tokenUrl: string;
  @TextField({ max: 2000 }) jwksUrl: string;
  @TextField({ max: 2000, optional: true }) tokenAudience: string | null;
  @TextField({ min: 0, max: 100 }) productFamily: string;
  @TextListField({ maxItems: 50, max: 255 }) allowedHosts: string[];
  @BooleanField() allowPrivateHosts: boolean;
  @IntegerField({ min: 0, max: 300 }) clockLeewaySeconds: number;
  @ChoiceField(STATUSES) status: string;
  @IntegerField({ min: 1, max: 1e9 }) version: number;
  @NestedField(() => ToolAddressesDto) tool: ToolAddressesDto;
  @ListField(() => DeploymentDto, { max: 500, optional: true, about: 'Of a single registration' })
  deployments?: DeploymentDto[];
}

export class RegistrationPageDto {
  @ListField(() => RegistrationDto, { max: 200 }) items: RegistrationDto[];
  @TextField({ max: 500, optional: true }) nextCursor: string | null;
}

export class NewResourceLinkDto {
  @IdField() registrationId: string;
  @TextField({ max: 255 }) @Matches(ASCII) deploymentId: string;
  @TextField({ max: 255 }) resourceLinkId: string;
  @IdField() assignmentId: string;
}

export class ResourceLinkDto {
  @IdField() id: string;
  @IdField() registrationId: string;
  @TextField({ max: 255 }) resourceLinkId: string;
  @IdField() assignmentId: string | null;
  @IntegerField({ min: 1, max: 1e9 }) version: number;
}
