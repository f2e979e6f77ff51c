import { isJsonObject } from './compact-jwt.js';
import type { JsonObject } from './compact-jwt.js';
import { CookieJar } from './cookie-jar.js';
import type { ResourceLink, ToolDescription, User } from './directory.js';
import type { FakeLms } from './fake-lms.js';
import { FaultOrders } from './fault-orders.js';
import { renderAutoSubmit } from './html-form.js';
import { jsonReply, pageReply, parseJson } from './http-door.js';
import type { Incoming, Reply } from './http-door.js';
import { ask, BadOrder, optionalText, text, texts } from './order-fields.js';

type Order = (body: JsonObject, query: URLSearchParams) => Reply | Promise<Reply>;

const signingNames = ['platform', 'other-key', 'none', 'hs256'] as const;

/** Drives a platform that runs as a process of its own, by JSON over HTTP under /_control. */
export class ControlDesk {
  readonly #lms: FakeLms;
  readonly #faults: FaultOrders;
  readonly #browsers = new Map<string, CookieJar>();
  readonly #orders: Readonly<Record<string, Order>>;

  constructor(lms: FakeLms) {
    this.#lms = lms;
    this.#faults = new FaultOrders(lms);
    this.#orders = {
      'GET /_control': () => jsonReply(200, this.#summary()),
      'POST /_control/tools': (body) => jsonReply(201, lms.register(readTool(body))),
      'POST /_control/users': (body) => jsonReply(201, lms.addUser(readUser(body))),
      'POST /_control/resource-links': (body) => jsonReply(201, this.#addLink(body)),
      'POST /_control/launches': (body) => this.#launch(body),
      'GET /_control/launch-page': (_body, query) => this.#launchPage(query),
      'GET /_control/line-items': () => jsonReply(200, { lineItems: lms.lineItems() }),
      'GET /_control/scores': () => jsonReply(200, { scores: lms.scores() }),
      'GET /_control/results': () => jsonReply(200, { results: lms.results() }),
      'GET /_control/requests': () => jsonReply(200, { requests: lms.requests() }),
      'POST /_control/faults': (body) => this.#faults.plant(body),
      'POST /_control/overrides': (body) => this.#faults.override(body),
      'POST /_control/key-rotations': () => jsonReply(201, { kid: lms.rotateKeys() }),
    };
  }

  serves(path: string): boolean {
    return path === '/_control' || path.startsWith('/_control/');
  }

  async answer(incoming: Incoming): Promise<Reply> {
    const order = this.#orders[`${incoming.method} ${incoming.url.pathname}`];
    if (!order) return jsonReply(404, { error: 'There is no such order.' });
    const body = incoming.body === '' ? {} : parseJson(incoming.body);
    if (!isJsonObject(body)) return jsonReply(400, { error: 'The body must be a JSON object.' });
    try {
      return await order(body, incoming.url.searchParams);
    } catch (error) {
      if (error instanceof BadOrder) return jsonReply(400, { error: error.message });
      throw error;
    }
  }

  #summary(): JsonObject {
    const { issuer, authUrl, tokenUrl, jwksUrl, dialect } = this.#lms;
    return { issuer, authUrl, tokenUrl, jwksUrl, dialect, orders: Object.keys(this.#orders) };
  }

  #addLink(body: JsonObject): JsonObject {
    const link = readLink(body);
    this.#lms.addResourceLink(link);
    const lineItem = this.#lms.lineItems().findLast((item) => item.resourceLinkId === link.id);
    return { ...link, lineItemId: lineItem?.id };
  }

  async #launch(body: JsonObject): Promise<Reply> {
    const userId = text(body, 'userId');
    const name = optionalText(body, 'browser') ?? userId;
    const cookies = this.#browsers.get(name) ?? new CookieJar();
    this.#browsers.set(name, cookies);
    const linkId = text(body, 'resourceLinkId');
    const outcome = await ask(() =>
      this.#lms.launch(userId, linkId, { ...readForgery(body), cookies }),
    );
    const { endedAt, status, headers, steps, form } = outcome;
    return jsonReply(200, {
      endedAt,
      status,
      headers,
      body: outcome.body,
      form,
      steps,
      cookies: cookies.all(),
    });
  }

  async #launchPage(query: URLSearchParams): Promise<Reply> {
    const userId = query.get('userId') ?? '';
    const linkId = query.get('resourceLinkId') ?? '';
    const form = await ask(() => this.#lms.launchForm(userId, linkId));
    return pageReply(200, renderAutoSubmit(form));
  }
}

function readTool(body: JsonObject): ToolDescription {
  const redirectUris = texts(body, 'redirectUris');
  if (redirectUris.length === 0) throw new BadOrder('redirectUris is empty.');
  return {
    loginUrl: text(body, 'loginUrl'),
    redirectUris,
    jwksUrl: text(body, 'jwksUrl'),
    clientId: optionalText(body, 'clientId'),
    deploymentId: optionalText(body, 'deploymentId'),
    targetLinkUri: optionalText(body, 'targetLinkUri'),
    scopes: body['scopes'] === undefined ? undefined : texts(body, 'scopes'),
  };
}

function readUser(body: JsonObject): User {
  return {
    id: text(body, 'id'),
    name: optionalText(body, 'name'),
    email: optionalText(body, 'email'),
    roles: texts(body, 'roles'),
  };
}

function readLink(body: JsonObject): ResourceLink {
  const { custom, lineItem } = body;
  if (custom !== undefined && !isJsonObject(custom)) throw new BadOrder('custom is no object.');
  return {
    id: text(body, 'id'),
    title: text(body, 'title'),
    contextId: text(body, 'contextId'),
    contextTitle: text(body, 'contextTitle'),
    custom: custom as Record<string, string> | undefined,
    clientId: optionalText(body, 'clientId'),
    targetLinkUri: optionalText(body, 'targetLinkUri'),
    lineItem: lineItem === undefined ? undefined : readLineItem(lineItem),
  };
}

function readLineItem(lineItem: unknown): { scoreMaximum: number; label: string } {
  if (!isJsonObject(lineItem)) throw new BadOrder('lineItem is no object.');
  const { scoreMaximum } = lineItem;
  if (typeof scoreMaximum !== 'number') throw new BadOrder('lineItem.scoreMaximum is no number.');
  return { scoreMaximum, label: text(lineItem, 'label') };
}

/** `claims` and `header` are laid over the honest ones; null takes a key away. */
function readForgery(body: JsonObject): Parameters<FakeLms['launch']>[2] {
  const { claims, header } = body;
  const signWith = optionalText(body, 'signWith') ?? 'platform';
  const key = signingNames.find((name) => name === signWith);
  if (!key) throw new BadOrder(`signWith must be one of ${signingNames.join(', ')}.`);
  return {
    clientId: optionalText(body, 'clientId'),
    deploymentId: optionalText(body, 'deploymentId'),
    signWith: key,
    tamper: (honestClaims, honestHeader) => {
      layOver(honestClaims, claims);
      layOver(honestHeader, header);
    },
  };
}

function layOver(target: JsonObject, changes: unknown): void {
  if (!isJsonObject(changes)) return;
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete target[key];
    else target[key] = value;
  }
}
