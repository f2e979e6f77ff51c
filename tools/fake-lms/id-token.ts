import { randomBytes } from 'node:crypto';
import type { JsonObject } from './compact-jwt.js';
import type { Dialect } from './dialect.js';
import type { InstalledTool, ResourceLink, User } from './directory.js';
import type { LineItems } from './line-items.js';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const AGS_ENDPOINT = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';

export interface LaunchFacts {
  readonly issuer: string;
  readonly tool: InstalledTool;
  readonly deploymentId: string;
  readonly user: User;
  readonly link: ResourceLink;
  readonly targetLinkUri: string;
  readonly nonce: string;
  readonly nowMs: number;
}

/** The claims of a resource link launch (LTI Core 1.3 section 5.3), coloured by the dialect. */
export function resourceLinkClaims(
  facts: LaunchFacts,
  dialect: Dialect,
  lineItems: LineItems,
): JsonObject {
  const { issuer, tool, user, link } = facts;
  const issuedAtSeconds = Math.floor(facts.nowMs / 1000);
  const custom = link.custom;
  return {
    iss: issuer,
    aud: tool.clientId,
    sub: user.id,
    iat: issuedAtSeconds,
    exp: issuedAtSeconds + dialect.idTokenLifetimeSeconds,
    nonce: facts.nonce,
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}/deployment_id`]: facts.deploymentId,
    [`${LTI}/target_link_uri`]: facts.targetLinkUri,
    [`${LTI}/roles`]: user.roles,
    [`${LTI}/context`]: contextClaim(link, dialect),
    [`${LTI}/resource_link`]: { id: link.id, title: link.title },
    [`${LTI}/launch_presentation`]: {
      locale: 'en',
      document_target: 'iframe',
      return_url: `${issuer}/return`,
    },
    [`${LTI}/tool_platform`]: {
      guid: issuer,
      product_family_code: dialect.productFamily,
      version: '1',
    },
    ...(custom ? { [`${LTI}/custom`]: custom } : {}),
    ...agsClaim(tool, link, lineItems),
    ...personClaims(user),
    ...vendorClaims(facts, dialect),
  };
}

/** The tool sees a single line item only when exactly one belongs to the link. */
function agsClaim(tool: InstalledTool, link: ResourceLink, lineItems: LineItems): JsonObject {
  if (tool.scopes.length === 0) return {};
  const [onlyItem, ...others] = lineItems.ofLink(link.id);
  const hasOne = onlyItem !== undefined && others.length === 0;
  return {
    [AGS_ENDPOINT]: {
      scope: tool.scopes,
      lineitems: lineItems.collectionUrl(link.contextId),
      ...(hasOne ? { lineitem: lineItems.url(onlyItem) } : {}),
    },
  };
}

function contextClaim(link: ResourceLink, dialect: Dialect): JsonObject {
  const section = 'http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection';
  return {
    id: link.contextId,
    title: link.contextTitle,
    label: link.contextTitle,
    type: [dialect.name === 'moodle' ? 'CourseSection' : section],
  };
}

function personClaims({ name, email }: User): JsonObject {
  const [givenName, ...familyNames] = name?.split(' ') ?? [];
  return {
    ...(name ? { name, given_name: givenName, family_name: familyNames.join(' ') } : {}),
    ...(email ? { email } : {}),
  };
}

function vendorClaims({ tool, user }: LaunchFacts, dialect: Dialect): JsonObject {
  if (dialect.name === 'canvas') return { azp: tool.clientId };
  if (dialect.name !== 'moodle') return {};
  return {
    [`${LTI}/ext`]: { lms: 'moodle-2' },
    [`${LTI}/lis`]: { person_sourcedid: `${user.id}-sid`, course_section_sourcedid: '' },
  };
}

export function randomNonce(): string {
  return randomBytes(24).toString('base64url');
}
