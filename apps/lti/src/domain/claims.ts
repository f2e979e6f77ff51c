/** Names of claims and scopes (LTI Core 1.3 section 5; AGS 2.0 section 3). */
const LTI = 'https://purl.imsglobal.org/spec/lti/claim';

export const CLAIM = {
  version: `${LTI}/version`,
  messageType: `${LTI}/message_type`,
  deploymentId: `${LTI}/deployment_id`,
  targetLinkUri: `${LTI}/target_link_uri`,
  resourceLink: `${LTI}/resource_link`,
  roles: `${LTI}/roles`,
  context: `${LTI}/context`,
  custom: `${LTI}/custom`,
  launchPresentation: `${LTI}/launch_presentation`,
  toolPlatform: `${LTI}/tool_platform`,
  gradeService: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
} as const;

const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';

export const SCOPE = {
  score: `${AGS}/score`,
  results: `${AGS}/result.readonly`,
  lineItem: `${AGS}/lineitem`,
  lineItemRead: `${AGS}/lineitem.readonly`,
} as const;

export type Claims = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text when it is one of 1 to `max` characters, else undefined. */
export function textOf(value: unknown, max: number): string | undefined {
  return typeof value === 'string' && value.length >= 1 && value.length <= max ? value : undefined;
}
