import { CLAIM, type Claims, isObject, textOf } from './claims.js';
import { LaunchRefused } from './launch-refused.js';

/** What this launch must match: the registration, and the login it answers. */
export interface Expectation {
  issuer: string;
  clientId: string;
  /** Whether the nonce is the one given out with this login's state. */
  isNonce(nonce: string): boolean;
  deploymentId: string | undefined;
  targetLinkUri: string;
  nowSeconds: number;
  leewaySeconds: number;
}

/** What a valid resource link launch said. */
export interface ResourceLinkLaunch {
  subject: string;
  deploymentId: string;
  resourceLinkId: string;
  resourceLinkTitle: string | undefined;
  contextId: string | undefined;
  roles: string[];
  displayName: string | undefined;
  locale: string | undefined;
  /** `assignment_id` of the custom parameters; it may be anything. */
  customAssignmentId: string | undefined;
  platformGuid: string | undefined;
  productFamily: string | undefined;
  gradeService: GradeService | undefined;
}

export interface GradeService {
  scopes: string[];
  lineItemUrl: string | undefined;
  lineItemsUrl: string | undefined;
}

/** An id_token is made for the launch it answers; an older one was kept by somebody. */
const MAX_AGE_SECONDS = 600;
const MAX_ID = 255;
const MAX_URL = 2000;

/** The checks of a signed payload, in order; throws LaunchRefused with the first that fails. */
export function checkClaims(claims: Claims, expected: Expectation): ResourceLinkLaunch {
  if (claims.iss !== expected.issuer) throw new LaunchRefused('iss_mismatch');
  checkAudience(claims, expected.clientId);
  checkTimes(claims, expected);
  const { nonce } = claims;
  if (typeof nonce !== 'string' || !expected.isNonce(nonce)) {
    throw new LaunchRefused('nonce_mismatch');
  }
  return checkMessage(claims, expected);
}

function checkAudience(claims: Claims, clientId: string): void {
  const { aud, azp } = claims;
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(clientId)) throw new LaunchRefused('aud_mismatch');
  if (audiences.some((audience) => audience !== clientId)) {
    throw new LaunchRefused('aud_untrusted');
  }
  if (audiences.length > 1 && azp === undefined) throw new LaunchRefused('azp_missing');
  if (azp !== undefined && azp !== clientId) throw new LaunchRefused('azp_mismatch');
}

function checkTimes(claims: Claims, { nowSeconds, leewaySeconds }: Expectation): void {
  const { exp, iat, nbf } = claims;
  if (!isInstant(exp)) throw new LaunchRefused('exp_missing');
  if (!isInstant(iat)) throw new LaunchRefused('iat_missing');
  if (exp <= nowSeconds - leewaySeconds || exp <= iat) throw new LaunchRefused('token_expired');
  if (iat > nowSeconds + leewaySeconds) throw new LaunchRefused('iat_in_future');
  if (iat < nowSeconds - MAX_AGE_SECONDS - leewaySeconds) throw new LaunchRefused('iat_too_old');
  if (nbf === undefined) return;
  if (!isInstant(nbf) || nbf > nowSeconds + leewaySeconds) throw new LaunchRefused('not_yet_valid');
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function checkMessage(claims: Claims, expected: Expectation): ResourceLinkLaunch {
  if (claims[CLAIM.version] !== '1.3.0') throw new LaunchRefused('version_unsupported');
  if (claims[CLAIM.messageType] !== 'LtiResourceLinkRequest') {
    throw new LaunchRefused('message_type_unsupported');
  }
  const deploymentId = asciiId(claims[CLAIM.deploymentId]);
  if (deploymentId === undefined) throw new LaunchRefused('deployment_id_missing');
  if (expected.deploymentId !== undefined && expected.deploymentId !== deploymentId) {
    throw new LaunchRefused('deployment_mismatch');
  }
  const targetLinkUri = claims[CLAIM.targetLinkUri];
  if (typeof targetLinkUri !== 'string') throw new LaunchRefused('target_link_uri_missing');
  if (targetLinkUri !== expected.targetLinkUri) throw new LaunchRefused('target_link_uri_mismatch');
  const link = claims[CLAIM.resourceLink];
  const resourceLinkId = isObject(link) ? storableId(link.id) : undefined;
  if (resourceLinkId === undefined) throw new LaunchRefused('resource_link_missing');
  const roles = claims[CLAIM.roles];
  if (!Array.isArray(roles)) throw new LaunchRefused('roles_missing');
  const subject = asciiId(claims.sub);
  if (subject === undefined) throw new LaunchRefused('sub_missing');
  return {
    subject,
    deploymentId,
    resourceLinkId,
    resourceLinkTitle: isObject(link) ? textOf(link.title, 1000) : undefined,
    roles: roles.filter((role): role is string => typeof role === 'string'),
    ...optionalClaims(claims),
  };
}

function optionalClaims(claims: Claims) {
  const context = objectClaim(claims, CLAIM.context);
  const custom = objectClaim(claims, CLAIM.custom);
  const platform = objectClaim(claims, CLAIM.toolPlatform);
  const presentation = objectClaim(claims, CLAIM.launchPresentation);
  return {
    contextId: storableId(context.id),
    displayName: textOf(claims.name, 1000),
    locale: textOf(presentation.locale ?? claims.locale, 35),
    customAssignmentId: textOf(custom.assignment_id, MAX_ID),
    platformGuid: storableId(platform.guid),
    productFamily: storableId(platform.product_family_code),
    gradeService: gradeServiceOf(claims[CLAIM.gradeService]),
  };
}

/** Either URL may be missing or blank, and both may change with any launch (AGS 2.0, 3.1). */
function gradeServiceOf(claim: unknown): GradeService | undefined {
  if (!isObject(claim) || !Array.isArray(claim.scope)) return undefined;
  return {
    scopes: claim.scope
      .filter((scope): scope is string => textOf(scope, MAX_ID) !== undefined)
      .slice(0, 20),
    lineItemUrl: textOf(claim.lineitem, MAX_URL),
    lineItemsUrl: textOf(claim.lineitems, MAX_URL),
  };
}

function objectClaim(claims: Claims, name: string): Record<string, unknown> {
  const claim = claims[name];
  return isObject(claim) ? claim : {};
}

/** `sub` and `deployment_id`: at most 255 ASCII characters (Core 5.3.3 and 5.3.6). */
export function asciiId(value: unknown): string | undefined {
  const text = textOf(value, MAX_ID);
  return text !== undefined && /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

function storableId(value: unknown): string | undefined {
  const text = textOf(value, MAX_ID);
  return text !== undefined && text.isWellFormed() && !text.includes('\0') ? text : undefined;
}
