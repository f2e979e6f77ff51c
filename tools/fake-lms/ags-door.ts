import type { Dialect } from './dialect.js';
import { agsScopes } from './directory.js';
import type { Directory } from './directory.js';
import type { FaultPoint, Faults } from './faults.js';
import { jsonReply, pageReply } from './http-door.js';
import type { Incoming, Reply } from './http-door.js';
import { LineItemEndpoint } from './line-item-endpoint.js';
import type { LineItem, LineItems } from './line-items.js';
import { ResultEndpoint, ScoreEndpoint } from './score-endpoint.js';
import type { AccessTokens, TokenGrant } from './token-endpoint.js';

/** What every service endpoint works with. */
export interface AgsWorld {
  readonly dialect: Dialect;
  readonly directory: Directory;
  readonly lineItems: LineItems;
  readonly now: () => number;
}

interface Route {
  readonly point: FaultPoint;
  /** Any one of these is enough. */
  readonly scopes: readonly string[];
  readonly run: (grant: TokenGrant) => Reply;
}

const COLLECTION = /^(?:\/contexts\/([^/]+))?\/lineitems$/;
const ITEM = /^\/lineitems\/([^/]+)(\/scores|\/results)?$/;

/** Assignment and Grade Services 2.0: who may come in, and which endpoint answers. */
export class AgsDoor {
  readonly #world: AgsWorld;
  readonly #faults: Faults;
  readonly #tokens: AccessTokens;
  readonly #items: LineItemEndpoint;
  readonly #scores: ScoreEndpoint;
  readonly #results: ResultEndpoint;

  constructor(world: AgsWorld, faults: Faults, tokens: AccessTokens) {
    this.#world = world;
    this.#faults = faults;
    this.#tokens = tokens;
    this.#items = new LineItemEndpoint(world);
    this.#scores = new ScoreEndpoint(world);
    this.#results = new ResultEndpoint(world);
  }

  serves(path: string): boolean {
    return COLLECTION.test(path) || ITEM.test(path);
  }

  async answer(incoming: Incoming): Promise<Reply> {
    const { dialect } = this.#world;
    if (dialect.requiresUserAgent && !incoming.headers['user-agent']) {
      return jsonReply(403, { errors: [{ message: 'A User-Agent header is required.' }] });
    }
    const route = this.#route(incoming);
    if ('status' in route) return route;
    return this.#faults.around(route.point, dialect, async () => this.#admit(incoming, route));
  }

  #admit(incoming: Incoming, route: Route): Reply {
    const { dialect } = this.#world;
    const grant = this.#tokens.grantOf(incoming.headers.authorization);
    if (!grant) {
      const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' };
      const reply = jsonReply(401, { errors: [{ message: 'The access token is not valid.' }] });
      return { ...reply, headers: { ...reply.headers, ...challenge } };
    }
    if (!route.scopes.some((scope) => grant.scopes.includes(scope))) {
      const status = dialect.statuses.missingScope;
      return jsonReply(status, { errors: [{ message: 'The token lacks the scope.' }] });
    }
    return route.run(grant);
  }

  #route(incoming: Incoming): Route | Reply {
    const { dialect } = this.#world;
    const path = incoming.url.pathname;
    if (dialect.lineItemQuery && !incoming.url.search.includes(dialect.lineItemQuery)) {
      return pageReply(400, 'The request lost the query of the service URL.');
    }
    const collection = COLLECTION.exec(path);
    if (collection) return this.#collectionRoute(incoming, collection[1]);
    const [, key = '', tail] = ITEM.exec(path) ?? [];
    const { method } = incoming;
    if (tail === '/scores' && method === 'POST') {
      return this.#itemRoute('scores', [agsScopes.score], key, (item) =>
        this.#scores.take(incoming, item),
      );
    }
    if (tail === '/results' && method === 'GET') {
      return this.#itemRoute('results', [agsScopes.resultRead], key, (item) =>
        this.#results.list(incoming, item),
      );
    }
    if (tail !== undefined) return this.#wrongMethod();
    const write = [agsScopes.lineItem];
    const read = [agsScopes.lineItem, agsScopes.lineItemRead];
    if (method === 'GET') {
      return this.#itemRoute('lineitems', read, key, (item) => this.#items.show(incoming, item));
    }
    if (method === 'PUT') {
      return this.#itemRoute('lineitems', write, key, (item, grant) =>
        this.#items.replace(incoming, item, grant),
      );
    }
    if (method === 'DELETE') {
      return this.#itemRoute('lineitems', write, key, (item) => this.#items.remove(item));
    }
    return this.#wrongMethod();
  }

  #collectionRoute(incoming: Incoming, encodedContextId: string | undefined): Route | Reply {
    const contextId = encodedContextId && decodeURIComponent(encodedContextId);
    if (incoming.method === 'GET') {
      return {
        point: 'lineitems',
        scopes: [agsScopes.lineItem, agsScopes.lineItemRead],
        run: (grant) => this.#items.list(incoming, grant, contextId),
      };
    }
    if (incoming.method !== 'POST') return this.#wrongMethod();
    return {
      point: 'lineitems',
      scopes: [agsScopes.lineItem],
      run: (grant) => this.#items.create(incoming, grant, contextId),
    };
  }

  #itemRoute(
    point: FaultPoint,
    scopes: readonly string[],
    key: string,
    run: (item: LineItem, grant: TokenGrant) => Reply,
  ): Route {
    return {
      point,
      scopes,
      run: (grant) => {
        const item = this.#world.lineItems.find(key);
        // Another tool's item is hidden: a tool must never write where it owns nothing.
        const isVisible = item && this.#world.directory.isOwner(item.clientId, grant.clientId);
        return isVisible
          ? run(item, grant)
          : jsonReply(404, { errors: [{ message: 'Not found' }] });
      },
    };
  }

  #wrongMethod(): Reply {
    const status = this.#world.dialect.statuses.wrongMethod;
    return jsonReply(status, { errors: [{ message: 'The method is not served here.' }] });
  }
}
