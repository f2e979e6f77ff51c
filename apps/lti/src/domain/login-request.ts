import { type Form, optionalField, requiredField } from './form.js';
import { LaunchRefused } from './launch-refused.js';

/** Third-party login initiation (Security Framework 1.0 section 5.1.1.1). */
export interface LoginRequest {
  issuer: string;
  loginHint: string;
  targetLinkUri: string;
  clientId: string | undefined;
  deploymentId: string | undefined;
  /** Opaque to us: returned to the platform byte for byte. */
  messageHint: string | undefined;
  /** Frame of the platform's storage; kept for the launch, which does not always repeat it. */
  storageTarget: string | undefined;
}

export const MAX_LOGIN_BYTES = 8192;
/** Longest ids the specification lets a platform use. */
const MAX_ID = 255;

/** Throws LaunchRefused. `ownOrigin` is where launches must end. */
export function readLoginRequest(form: Form, ownOrigin: string): LoginRequest {
  const request = {
    issuer: requiredField(form, 'iss'),
    loginHint: requiredField(form, 'login_hint'),
    targetLinkUri: requiredField(form, 'target_link_uri'),
    clientId: optionalField(form, 'client_id'),
    deploymentId: optionalField(form, 'lti_deployment_id'),
    messageHint: form.get('lti_message_hint'),
    storageTarget: optionalField(form, 'lti_storage_target'),
  };
  const { issuer, clientId = '', deploymentId = '', storageTarget = '' } = request;
  const tooLong = [clientId, deploymentId, storageTarget].some((text) => text.length > MAX_ID);
  // PostgreSQL text cannot hold NUL, and no identifier of a platform does.
  const isOdd = [issuer, clientId, deploymentId, storageTarget, request.targetLinkUri].some(
    (text) => text.includes('\0') || !text.isWellFormed(),
  );
  if (tooLong || isOdd) throw new LaunchRefused('parameter_malformed');
  if (!isOwnUrl(request.targetLinkUri, ownOrigin)) {
    throw new LaunchRefused('target_link_uri_foreign');
  }
  return request;
}

function isOwnUrl(text: string, ownOrigin: string): boolean {
  return URL.canParse(text) && new URL(text).origin === ownOrigin;
}

/**
 * The authentication request. The platform's URL may have a query of its own, which stays; it must
 * not set a parameter of ours, or there would be two.
 */
export function authenticationUrl(authUrl: string, parameters: Record<string, string>): string {
  const url = new URL(authUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
