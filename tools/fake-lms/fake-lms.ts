import { AgsDoor } from './ags-door.js';
import { walkLaunch } from './browser.js';
import type { BrowserOptions, LaunchOutcome } from './browser.js';
import type { JsonObject } from './compact-jwt.js';
import { ControlDesk } from './control.js';
import { dialectNamed } from './dialect.js';
import type { DialectName } from './dialect.js';
import { Directory } from './directory.js';
import type { Registration, ResourceLink, ToolDescription, User } from './directory.js';
import { Faults } from './faults.js';
import type { FaultPoint } from './faults.js';
import type { HtmlForm } from './html-form.js';
import { jsonReply, openDoor, pageReply } from './http-door.js';
import type { Incoming, LoggedRequest, Reply } from './http-door.js';
import { Launches } from './launches.js';
import type { LaunchChoice } from './launches.js';
import { LineItems } from './line-items.js';
import type { GradebookResult, ReceivedScore } from './line-items.js';
import { PlatformKeys } from './platform-keys.js';
import type { MintOptions } from './platform-keys.js';
import { AccessTokens, TokenEndpoint } from './token-endpoint.js';

export { postForm } from './browser.js';
export type { BrowserOptions, BrowserStep, LaunchOutcome } from './browser.js';
export { CookieJar } from './cookie-jar.js';
export { isDialectName } from './dialect.js';
export type { DialectName } from './dialect.js';
export { agsScopes } from './directory.js';
export type { Registration, ResourceLink, ToolDescription, User } from './directory.js';
export type { FaultPoint } from './faults.js';
export type { HtmlForm } from './html-form.js';
export type { LoggedRequest } from './http-door.js';
export type { LaunchChoice } from './launches.js';
export type { GradebookResult, ReceivedScore } from './line-items.js';
export { mediaTypes } from './media-types.js';
export type { MintOptions, SigningKey } from './platform-keys.js';

export interface FakeLmsOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly dialect?: DialectName;
  /** The platform's clock in milliseconds; the real one when absent. */
  readonly now?: () => number;
  /** Opens the JSON endpoints under /_control. */
  readonly control?: boolean;
}

export interface LineItemSummary {
  /** The URL by which a tool knows the line item. */
  readonly id: string;
  readonly label: string;
  readonly scoreMaximum: number;
  readonly resourceLinkId?: string;
  readonly contextId: string;
}

/** An LTI 1.3 Advantage platform for tests and the demonstration. */
export interface FakeLms {
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly dialect: DialectName;
  register(tool: ToolDescription): Registration;
  addUser(user: User): User;
  addResourceLink(link: ResourceLink): ResourceLink;
  launchForm(userId: string, resourceLinkId: string, choice?: LaunchChoice): HtmlForm;
  launch(
    userId: string,
    resourceLinkId: string,
    options?: LaunchChoice & BrowserOptions,
  ): Promise<LaunchOutcome>;
  /** The claims an honest launch would carry. */
  claimsFor(
    userId: string,
    resourceLinkId: string,
    options?: LaunchChoice & { nonce?: string },
  ): JsonObject;
  mintIdToken(claims: JsonObject, options?: MintOptions): string;
  /** Signs with a new key from now on; returns its kid. */
  rotateKeys(options?: { keepOld?: boolean }): string;
  lineItems(): LineItemSummary[];
  scores(): ReceivedScore[];
  results(): GradebookResult[];
  /** Every request but those of the control desk, in order of arrival. */
  requests(): LoggedRequest[];
  failNext(
    times: number,
    status: number,
    headers?: Readonly<Record<string, string>>,
    body?: string,
    point?: FaultPoint,
  ): void;
  throttle(times?: number): void;
  hang(times?: number, point?: FaultPoint): void;
  loseReplies(times?: number, point?: FaultPoint): void;
  clearFaults(): void;
  /** Makes every access token stale at once. */
  revokeTokens(): void;
  /** The teacher's grade, in the scale of the line item; every item with a grade when not named. */
  overrideInLms(userId: string, resultScore: number, lineItemId?: string): void;
  close(): Promise<void>;
}

export async function startFakeLms(options: FakeLmsOptions = {}): Promise<FakeLms> {
  const { port = 0, dialect: dialectName = 'strict', now = Date.now } = options;
  const dialect = dialectNamed(dialectName);
  // The address is known only once the door is open, and everything is built before that.
  let issuer = '';
  const origin = (): string => issuer;
  const tokenUrl = (): string => `${issuer}/token`;
  const keys = new PlatformKeys();
  const directory = new Directory(dialect);
  const lineItems = new LineItems(dialect, origin, now);
  const faults = new Faults();
  const tokens = new AccessTokens(now);
  const tokenEndpoint = new TokenEndpoint({ dialect, directory, tokens, tokenUrl, now });
  const launches = new Launches({ dialect, directory, lineItems, keys, origin, now });
  const ags = new AgsDoor({ dialect, directory, lineItems, now }, faults, tokens);
  const log: LoggedRequest[] = [];
  let desk: ControlDesk | undefined;

  const answer = async (incoming: Incoming): Promise<Reply> => {
    const path = incoming.url.pathname;
    if (path === '/auth') {
      return faults.around('auth', dialect, async () => launches.answer(incoming));
    }
    if (path === '/token') {
      return faults.around('token', dialect, () => tokenEndpoint.answer(incoming));
    }
    if (path === '/jwks') {
      return faults.around('jwks', dialect, async () => jsonReply(200, keys.jwks()));
    }
    if (path === '/return')
      return pageReply(200, '<!doctype html><title>Back in the course</title>');
    if (ags.serves(path)) return ags.answer(incoming);
    if (desk?.serves(path)) return desk.answer(incoming);
    return jsonReply(404, { error: 'Nothing is served at this path.' });
  };

  const door = await openDoor(port, log, answer);
  issuer = door.origin;
  const addresses = { issuer, authUrl: `${issuer}/auth`, jwksUrl: `${issuer}/jwks` };
  const lms: FakeLms = {
    ...addresses,
    tokenUrl: tokenUrl(),
    dialect: dialectName,
    register: (tool) => ({ ...directory.install(tool), ...addresses, tokenUrl: tokenUrl() }),
    ...courseSide(directory, lineItems),
    launchForm: (userId, linkId, choice) => launches.start(userId, linkId, choice),
    launch: async (userId, linkId, launchOptions = {}) => {
      const form = launches.start(userId, linkId, launchOptions);
      return walkLaunch(form, addresses.authUrl, launchOptions);
    },
    claimsFor: (userId, linkId, claimOptions) => launches.claims(userId, linkId, claimOptions),
    mintIdToken: (claims, mintOptions) => keys.mint(claims, mintOptions),
    rotateKeys: (rotateOptions) => keys.rotate(rotateOptions),
    requests: () => [...log],
    ...faultSide(faults),
    revokeTokens: () => tokens.revokeAll(),
    close: () => door.close(),
  };
  if (options.control) desk = new ControlDesk(lms);
  return lms;
}

function courseSide(
  directory: Directory,
  lineItems: LineItems,
): Pick<
  FakeLms,
  'addUser' | 'addResourceLink' | 'lineItems' | 'scores' | 'results' | 'overrideInLms'
> {
  return {
    addUser: (user) => {
      directory.addUser(user);
      return user;
    },
    addResourceLink: (link) => {
      directory.addLink(link);
      if (!link.lineItem) return link;
      const { contextId, clientId } = link;
      const fields = { ...link.lineItem, resourceLinkId: link.id };
      lineItems.add(fields, { contextId, clientId, coupled: true });
      return link;
    },
    lineItems: () =>
      lineItems.all().map((item) => ({
        id: lineItems.url(item),
        label: item.fields.label,
        scoreMaximum: item.fields.scoreMaximum,
        resourceLinkId: item.fields.resourceLinkId,
        contextId: item.contextId,
      })),
    scores: () => [...lineItems.received],
    results: () => lineItems.results(),
    overrideInLms: (userId, resultScore, lineItemId) =>
      lineItems.override(userId, resultScore, lineItemId),
  };
}

function faultSide(
  faults: Faults,
): Pick<FakeLms, 'failNext' | 'throttle' | 'hang' | 'loseReplies' | 'clearFaults'> {
  return {
    failNext: (times, status, headers, body, point) =>
      faults.failNext(times, status, headers, body, point),
    throttle: (times) => faults.throttle(times),
    hang: (times, point) => faults.hang(times, point),
    loseReplies: (times, point) => faults.loseReplies(times, point),
    clearFaults: () => faults.clear(),
  };
}
