import { randomUUID } from 'node:crypto';
import type { JsonObject } from './compact-jwt.js';
import type { Dialect } from './dialect.js';
import type { Directory, InstalledTool, ResourceLink, User } from './directory.js';
import { escapeHtml, renderAutoSubmit } from './html-form.js';
import type { HtmlForm } from './html-form.js';
import { pageReply } from './http-door.js';
import type { Incoming, Reply } from './http-door.js';
import { randomNonce, resourceLinkClaims } from './id-token.js';
import type { LineItems } from './line-items.js';
import type { PlatformKeys, SigningKey } from './platform-keys.js';

export interface LaunchChoice {
  /** Which installed tool and deployment to launch; the link's own when absent. */
  readonly clientId?: string;
  readonly deploymentId?: string;
  /** Changes the id_token before it is signed; both objects may be edited in place. */
  readonly tamper?: (claims: JsonObject, header: JsonObject) => void;
  readonly signWith?: SigningKey;
}

interface PendingLaunch {
  readonly user: User;
  readonly link: ResourceLink;
  readonly tool: InstalledTool;
  readonly deploymentId: string;
  readonly targetLinkUri: string;
  readonly choice: LaunchChoice;
}

interface LaunchWorld {
  readonly dialect: Dialect;
  readonly directory: Directory;
  readonly lineItems: LineItems;
  readonly keys: PlatformKeys;
  readonly origin: () => string;
  readonly now: () => number;
}

/** An authentication request that is refused, by an OAuth error code. */
interface AuthRefusal {
  readonly code: string;
  readonly message: string;
  /** Vendors that keep errors to themselves still send these ones back. */
  readonly isAlwaysReturned: boolean;
}

/** Third-party login initiation and the authentication response (LTI Core 1.3 section 5.1). */
export class Launches {
  readonly #world: LaunchWorld;
  readonly #pending = new Map<string, PendingLaunch>();

  constructor(world: LaunchWorld) {
    this.#world = world;
  }

  /** The form that starts a launch; its message hint is good for one authentication request. */
  start(userId: string, resourceLinkId: string, choice: LaunchChoice = {}): HtmlForm {
    const { dialect, origin } = this.#world;
    const launch = this.#prepare(userId, resourceLinkId, choice);
    const messageHint = JSON.stringify({ cmid: resourceLinkId, launchid: randomUUID() });
    this.#pending.set(messageHint, launch);
    const fields = {
      iss: origin(),
      target_link_uri: launch.targetLinkUri,
      login_hint: launch.user.id,
      lti_message_hint: messageHint,
      client_id: launch.tool.clientId,
      lti_deployment_id: launch.deploymentId,
      ...dialect.extraLoginFields,
    };
    return { action: launch.tool.loginUrl, fields };
  }

  /** The claims a launch would carry, for callers who mint tokens of their own. */
  claims(
    userId: string,
    resourceLinkId: string,
    options: LaunchChoice & { nonce?: string } = {},
  ): JsonObject {
    const launch = this.#prepare(userId, resourceLinkId, options);
    return this.#claimsOf(launch, options.nonce ?? randomNonce());
  }

  /** Answers an authentication request, which may come by GET or POST. */
  answer(incoming: Incoming): Reply {
    const { dialect } = this.#world;
    const text = incoming.method === 'POST' ? incoming.body : incoming.url.search;
    const request = new URLSearchParams(text);
    const hint = request.get('lti_message_hint') ?? '';
    const launch = this.#pending.get(hint);
    if (!launch) return this.#page('lti_message_hint is missing, altered or already used.');
    const redirectUri = request.get('redirect_uri') ?? '';
    if (!launch.tool.redirectUris.includes(redirectUri)) {
      return this.#page('redirect_uri is not registered.');
    }
    this.#pending.delete(hint);
    const refusal = this.#judge(request, launch);
    if (refusal && dialect.keepsAuthErrorsOnPage && !refusal.isAlwaysReturned) {
      return this.#page(refusal.message);
    }
    const state = this.#pass(request.get('state'));
    const answer: Record<string, string> = refusal
      ? { error: refusal.code, error_description: refusal.message }
      : { id_token: this.#idToken(launch, this.#pass(request.get('nonce')) ?? '') };
    const fields = state === undefined ? answer : { ...answer, state };
    return pageReply(200, renderAutoSubmit({ action: redirectUri, fields }));
  }

  #judge(request: URLSearchParams, launch: PendingLaunch): AuthRefusal | undefined {
    const isLenient = this.#world.dialect.lenientAuthRequest;
    const names = [...request.keys()];
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    if (repeated) return refuse('invalid_request', `${repeated} is repeated.`, true);
    if (request.get('client_id') !== launch.tool.clientId) {
      return refuse('unauthorized_client', 'client_id is not the tool that was launched.', true);
    }
    if (request.get('login_hint') !== launch.user.id) {
      return refuse('access_denied', 'login_hint is not the user who launched.', true);
    }
    if (request.get('response_type') !== 'id_token') {
      return refuse('unsupported_response_type', 'response_type must be id_token.');
    }
    if (request.get('scope') !== 'openid') return refuse('invalid_scope', 'scope must be openid.');
    if (!request.get('nonce')) return refuse('invalid_request', 'nonce is missing.');
    if (request.get('response_mode') !== 'form_post') {
      return refuse('invalid_request', 'response_mode must be form_post.', true);
    }
    const prompt = request.get('prompt');
    if (prompt !== 'none' && !(isLenient && prompt === null)) {
      return refuse('invalid_request', 'prompt must be none.', true);
    }
    if (!request.get('state') && !isLenient) return refuse('invalid_request', 'state is missing.');
    return undefined;
  }

  #prepare(userId: string, resourceLinkId: string, choice: LaunchChoice): PendingLaunch {
    const { directory } = this.#world;
    const user = directory.user(userId);
    const link = directory.link(resourceLinkId);
    if (!user) throw new Error(`There is no user "${userId}".`);
    if (!link) throw new Error(`There is no resource link "${resourceLinkId}".`);
    const clientId = choice.clientId ?? link.clientId;
    const tool = clientId === undefined ? directory.defaultTool() : directory.tool(clientId);
    if (!tool) throw new Error('The tool of the launch is not registered.');
    const targetLinkUri = link.targetLinkUri ?? tool.targetLinkUri;
    const deploymentId = choice.deploymentId ?? tool.deploymentIds[0];
    return { user, link, tool, deploymentId, targetLinkUri, choice };
  }

  #claimsOf(launch: PendingLaunch, nonce: string): JsonObject {
    const { dialect, lineItems, origin, now } = this.#world;
    const facts = { ...launch, issuer: origin(), nonce, nowMs: now() };
    return resourceLinkClaims(facts, dialect, lineItems);
  }

  #idToken(launch: PendingLaunch, nonce: string): string {
    const { tamper, signWith } = launch.choice;
    const claims = this.#claimsOf(launch, nonce);
    const header: JsonObject = { kid: this.#world.keys.currentKid() };
    tamper?.(claims, header);
    // A header key the test deleted must stay away, so it is passed on as undefined.
    const kid = header['kid'];
    return this.#world.keys.mint(claims, { header: { ...header, kid }, key: signWith });
  }

  /** Moodle strips what looks like a tag from `state` and `nonce`. */
  #pass(value: string | null): string | undefined {
    if (value === null) return undefined;
    return this.#world.dialect.name === 'moodle' ? value.replace(/<[^>]*>/g, '') : value;
  }

  #page(message: string): Reply {
    const status = this.#world.dialect.authPageStatus;
    const body = `<!doctype html><title>Error</title><p>Invalid request: ${escapeHtml(message)}`;
    return pageReply(status, body);
  }
}

function refuse(code: string, message: string, isAlwaysReturned = false): AuthRefusal {
  return { code, message, isAlwaysReturned };
}
