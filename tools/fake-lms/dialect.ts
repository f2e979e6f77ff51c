export type DialectName = 'strict' | 'moodle' | 'canvas';

/**
 * What one vendor does differently, as data. The `strict` row is the specification read literally;
 * the vendor rows keep the flow the same and change only what a tool can see on the wire.
 */
export interface Dialect {
  readonly name: DialectName;
  readonly productFamily: string;
  readonly idTokenLifetimeSeconds: number;
  /** How far the tool's clock may run ahead in a token request. */
  readonly assertionLeewaySeconds: number;
  /** How far ahead a token request may expire; undefined sets no limit. */
  readonly assertionLifetimeLimitSeconds: number | undefined;
  /** Whether `iss`, `aud` and a repeated `jti` of a token request are looked at. */
  readonly checksAssertionClaims: boolean;
  readonly tokenContentType: string;
  readonly invalidClientStatus: number;
  /** Unknown scopes are left out of the grant instead of refusing the request. */
  readonly dropsUnknownScopes: boolean;
  /** Bad authentication requests end on a platform page with this status. */
  readonly authPageStatus: number;
  /** Only these mistakes go back to the tool by form_post; every other one stays on a page. */
  readonly keepsAuthErrorsOnPage: boolean;
  /** An absent `prompt` or `state` is taken as it is. */
  readonly lenientAuthRequest: boolean;
  readonly extraLoginFields: Readonly<Record<string, string>>;
  /** Query that every line item URL carries, without the question mark. */
  readonly lineItemQuery: string;
  readonly requiresUserAgent: boolean;
  /** Paging links come with curly quotes and `&amp;`, and `results` cannot be paged at all. */
  readonly brokenPaging: boolean;
  readonly checksLineItemFields: boolean;
  readonly checksScoreShape: boolean;
  /** Scores are told apart by whole seconds or by milliseconds. */
  readonly timestampStepMs: number;
  readonly clampsOverMaximum: boolean;
  /** A score that is not FullyGraded erases the grade that stood before. */
  readonly clearsWhenNotFinal: boolean;
  /** A refused score has the body `[]` and its reason in the status line. */
  readonly refusesInReasonPhrase: boolean;
  readonly protectsCoupledItems: boolean;
  readonly throttledReply: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly statuses: DialectStatuses;
}

export interface DialectStatuses {
  readonly scoreAccepted: number;
  readonly staleScore: number;
  readonly unknownUser: number;
  readonly scoreWithoutMaximum: number;
  readonly missingScope: number;
  readonly wrongAccept: number;
  readonly wrongContentType: number;
  readonly wrongMethod: number;
  readonly unknownResourceLink: number;
}

const strict: Dialect = {
  name: 'strict',
  productFamily: 'parlance-fake-lms',
  idTokenLifetimeSeconds: 300,
  assertionLeewaySeconds: 5,
  assertionLifetimeLimitSeconds: 300,
  checksAssertionClaims: true,
  tokenContentType: 'application/json',
  invalidClientStatus: 401,
  dropsUnknownScopes: false,
  authPageStatus: 400,
  keepsAuthErrorsOnPage: false,
  lenientAuthRequest: false,
  extraLoginFields: {},
  lineItemQuery: '',
  requiresUserAgent: false,
  brokenPaging: false,
  checksLineItemFields: true,
  checksScoreShape: true,
  timestampStepMs: 1,
  clampsOverMaximum: false,
  clearsWhenNotFinal: false,
  refusesInReasonPhrase: false,
  protectsCoupledItems: false,
  throttledReply: {
    status: 429,
    headers: { 'retry-after': '1', 'content-type': 'text/plain' },
    body: 'Too Many Requests',
  },
  statuses: {
    scoreAccepted: 204,
    staleScore: 409,
    unknownUser: 404,
    scoreWithoutMaximum: 400,
    missingScope: 403,
    wrongAccept: 406,
    wrongContentType: 415,
    wrongMethod: 405,
    unknownResourceLink: 404,
  },
};

const moodle: Dialect = {
  ...strict,
  name: 'moodle',
  productFamily: 'moodle',
  idTokenLifetimeSeconds: 60,
  assertionLeewaySeconds: 0,
  assertionLifetimeLimitSeconds: undefined,
  checksAssertionClaims: false,
  tokenContentType: 'text/html; charset=utf-8',
  invalidClientStatus: 400,
  dropsUnknownScopes: true,
  authPageStatus: 404,
  keepsAuthErrorsOnPage: true,
  lenientAuthRequest: true,
  lineItemQuery: 'type_id=1',
  brokenPaging: true,
  checksLineItemFields: false,
  checksScoreShape: false,
  timestampStepMs: 1000,
  clampsOverMaximum: true,
  clearsWhenNotFinal: true,
  refusesInReasonPhrase: true,
  statuses: {
    scoreAccepted: 200,
    staleScore: 409,
    unknownUser: 400,
    scoreWithoutMaximum: 400,
    missingScope: 401,
    wrongAccept: 400,
    wrongContentType: 400,
    wrongMethod: 400,
    unknownResourceLink: 403,
  },
};

const canvas: Dialect = {
  ...strict,
  name: 'canvas',
  productFamily: 'canvas',
  idTokenLifetimeSeconds: 3600,
  assertionLifetimeLimitSeconds: undefined,
  extraLoginFields: {
    canvas_region: 'test',
    canvas_environment: 'test',
    lti_storage_target: 'post_message_forwarding',
  },
  requiresUserAgent: true,
  checksScoreShape: false,
  clearsWhenNotFinal: true,
  protectsCoupledItems: true,
  throttledReply: {
    status: 403,
    headers: { 'x-rate-limit-remaining': '0.0', 'content-type': 'text/html; charset=utf-8' },
    body: '403 Forbidden (Rate Limit Exceeded)\n',
  },
  statuses: {
    ...strict.statuses,
    scoreAccepted: 200,
    staleScore: 400,
    unknownUser: 422,
    scoreWithoutMaximum: 422,
    missingScope: 401,
  },
};

const dialects: Readonly<Record<DialectName, Dialect>> = { strict, moodle, canvas };

export function dialectNamed(name: DialectName): Dialect {
  return dialects[name];
}

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(dialects, name);
}
