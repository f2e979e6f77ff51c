/** Why a login or a launch is refused: stable codes, each from exactly one check. */
export const REASONS = {
  parameter_missing: 400,
  parameter_repeated: 400,
  parameter_malformed: 400,
  request_too_large: 400,
  unknown_registration: 400,
  ambiguous_registration: 400,
  target_link_uri_foreign: 400,
  platform_error: 400,
  state_unknown: 401,
  state_expired: 401,
  state_replayed: 401,
  state_other_browser: 401,
  token_too_large: 401,
  token_malformed: 401,
  alg_not_allowed: 401,
  crit_not_supported: 401,
  kid_missing: 401,
  kid_unknown: 401,
  key_unsuitable: 401,
  signature_invalid: 401,
  iss_mismatch: 401,
  aud_mismatch: 401,
  aud_untrusted: 401,
  azp_missing: 401,
  azp_mismatch: 401,
  exp_missing: 401,
  token_expired: 401,
  iat_missing: 401,
  iat_in_future: 401,
  iat_too_old: 401,
  not_yet_valid: 401,
  nonce_mismatch: 401,
  version_unsupported: 401,
  message_type_unsupported: 401,
  deployment_id_missing: 401,
  deployment_mismatch: 401,
  target_link_uri_missing: 401,
  target_link_uri_mismatch: 401,
  resource_link_missing: 401,
  roles_missing: 401,
  sub_missing: 401,
  deployment_pending: 403,
  deployment_disabled: 403,
  registration_disabled: 403,
  keys_unavailable: 503,
} as const;

export type Reason = keyof typeof REASONS;

/** Which registration a refusal belongs to, as far as it is known; for the log. */
export interface RefusalSubject {
  institutionId?: string;
  registrationId?: string;
}

export class LaunchRefused extends Error {
  subject: RefusalSubject = {};

  constructor(readonly reason: Reason) {
    super(reason);
    this.name = 'LaunchRefused';
  }

  get status(): number {
    return REASONS[this.reason];
  }
}
