import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '@parlance/messaging';
import { Database } from '@parlance/platform';
import { type Login, LoginStore } from './db/login.store.js';
import { type PlatformKeyRow, RegistrationStore } from './db/registration.store.js';
import { cookieName, LOGIN_TTL_SECONDS, setCookie } from './domain/browser-cookie.js';
import type { Form } from './domain/form.js';
import { LaunchRefused } from './domain/launch-refused.js';
import { authenticationUrl, type LoginRequest, readLoginRequest } from './domain/login-request.js';
import { LTI_CONFIG, type LtiConfig } from './lti-config.js';
import { hashOf, randomSecret } from './secrets.js';

export interface StartedLogin {
  /** The registered authentication URL, with the request; nothing of it comes from the caller. */
  location: string;
  cookie: string;
}

/** Third-party logins: from the platform's initiation to the one launch that answers it. */
@Injectable()
export class Logins {
  constructor(
    private readonly database: Database,
    private readonly store: LoginStore,
    private readonly registrations: RegistrationStore,
    @Inject(LTI_CONFIG) private readonly config: LtiConfig,
  ) {}

  /** Throws LaunchRefused; then there is no redirect. */
  async start(form: Form): Promise<StartedLogin> {
    const request = readLoginRequest(form, this.config.origin);
    const [state, nonce, browser] = [randomSecret(), randomSecret(), randomSecret()];
    const platform = await this.database.outsideInstitutions(async (tx) => {
      const found = await this.resolve(tx, request);
      await this.store.insert(tx, {
        issuer: request.issuer,
        clientId: found.clientId,
        deploymentId: request.deploymentId ?? null,
        targetLinkUri: request.targetLinkUri,
        storageTarget: request.storageTarget ?? null,
        stateHash: hashOf(state),
        nonceHash: hashOf(nonce),
        browserHash: hashOf(browser),
        ttlSeconds: LOGIN_TTL_SECONDS,
      });
      return found;
    });
    const { origin } = this.config;
    return {
      location: authenticationUrl(platform.authUrl, {
        scope: 'openid',
        response_type: 'id_token',
        response_mode: 'form_post',
        prompt: 'none',
        client_id: platform.clientId,
        redirect_uri: `${this.config.apiBase}/lti/launch`,
        login_hint: request.loginHint,
        ...(request.messageHint === undefined ? {} : { lti_message_hint: request.messageHint }),
        state,
        nonce,
      }),
      cookie: setCookie(cookieName(state, origin), browser, origin, LOGIN_TTL_SECONDS),
    };
  }

  /**
   * Uses up the state, if this browser began it. Throws LaunchRefused. Of many requests with one
   * state exactly one gets the login.
   */
  async consume(state: string, browser: string | undefined): Promise<Login> {
    const stateHash = hashOf(state);
    return this.database.outsideInstitutions(async (tx) => {
      const browserHash = hashOf(browser ?? '');
      const login =
        browser === undefined ? undefined : await this.store.consume(tx, stateHash, browserHash);
      if (login !== undefined) return login;
      const fate = await this.store.fate(tx, stateHash);
      if (fate === undefined) throw new LaunchRefused('state_unknown');
      if (fate.consumed) throw new LaunchRefused('state_replayed');
      if (fate.expired) throw new LaunchRefused('state_expired');
      throw new LaunchRefused('state_other_browser');
    });
  }

  /**
   * Where to send the browser. A client id may be shared by many institutions; then the deployment
   * decides, and without one only what they all agree on is safe. Never the first match.
   */
  private async resolve(tx: Tx, request: LoginRequest): Promise<PlatformKeyRow> {
    const { issuer, clientId, deploymentId } = request;
    const candidates = await this.registrations.candidates(tx, issuer, clientId);
    const [first] = candidates;
    if (first === undefined) throw new LaunchRefused('unknown_registration');
    if (candidates.some((other) => other.clientId !== first.clientId)) {
      throw new LaunchRefused('ambiguous_registration');
    }
    const own =
      deploymentId === undefined
        ? undefined
        : await this.registrations.ofDeployment(tx, issuer, first.clientId, deploymentId);
    if (own !== undefined) return own;
    if (candidates.some((other) => other.authUrl !== first.authUrl)) {
      throw new LaunchRefused('ambiguous_registration');
    }
    return first;
  }
}
