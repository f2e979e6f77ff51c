import type { AgsWorld } from './ags-door.js';
import { isJsonObject } from './compact-jwt.js';
import type { JsonObject } from './compact-jwt.js';
import { jsonReply, parseJson } from './http-door.js';
import type { Incoming, Reply } from './http-door.js';
import type { LineItem, LineItemFields } from './line-items.js';
import { mediaTypes, refuseAccept, refuseContentType } from './media-types.js';
import { pageOf } from './paging.js';
import type { TokenGrant } from './token-endpoint.js';

/** Line item collection and single items (AGS 2.0 section 3.2). */
export class LineItemEndpoint {
  readonly #world: AgsWorld;

  constructor(world: AgsWorld) {
    this.#world = world;
  }

  list(incoming: Incoming, grant: TokenGrant, contextId: string | undefined): Reply {
    const { dialect, directory, lineItems } = this.#world;
    const refused = refuseAccept(incoming, dialect, mediaTypes.lineItems);
    if (refused) return refused;
    const query = incoming.url.searchParams;
    const matches = (item: LineItem, parameter: string, field: string): boolean =>
      !query.has(parameter) || item.fields[field] === query.get(parameter);
    const found = lineItems
      .all()
      .filter((item) => directory.isOwner(item.clientId, grant.clientId))
      .filter((item) => contextId === undefined || item.contextId === contextId)
      .filter((item) => matches(item, 'resource_link_id', 'resourceLinkId'))
      .filter((item) => matches(item, 'resource_id', 'resourceId'))
      .filter((item) => matches(item, 'tag', 'tag'));
    const { page, headers } = pageOf(found, incoming, lineItems.origin(), dialect);
    const wire = page.map((item) => this.#wire(item));
    const reply = jsonReply(200, wire, mediaTypes.lineItems);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  create(incoming: Incoming, grant: TokenGrant, contextId: string | undefined): Reply {
    const { dialect, directory, lineItems } = this.#world;
    const wrongType = refuseContentType(incoming, dialect, mediaTypes.lineItem);
    if (wrongType) return wrongType;
    const read = this.#readFields(incoming);
    if ('refused' in read) return read.refused;
    const { fields } = read;
    const linkId = fields.resourceLinkId;
    const link = linkId === undefined ? undefined : directory.linkOfTool(linkId, grant.clientId);
    const isElsewhere =
      contextId !== undefined && link !== undefined && link.contextId !== contextId;
    if (linkId !== undefined && (!link || isElsewhere)) return this.#unknownLink();
    const [onlyContextId, ...otherContextIds] = directory.contextIds();
    const guess = otherContextIds.length === 0 ? onlyContextId : undefined;
    const home = contextId ?? link?.contextId ?? guess;
    if (home === undefined) return refusal(400, 'The context of the line item is not clear.');
    const owner = { contextId: home, clientId: grant.clientId, coupled: false };
    const item = lineItems.add(fields, owner);
    return jsonReply(201, this.#wire(item), mediaTypes.lineItem);
  }

  show(incoming: Incoming, item: LineItem): Reply {
    return (
      refuseAccept(incoming, this.#world.dialect, mediaTypes.lineItem) ??
      jsonReply(200, this.#wire(item), mediaTypes.lineItem)
    );
  }

  replace(incoming: Incoming, item: LineItem, grant: TokenGrant): Reply {
    const { dialect, directory, lineItems } = this.#world;
    const wrongType = refuseContentType(incoming, dialect, mediaTypes.lineItem);
    if (wrongType) return wrongType;
    const read = this.#readFields(incoming);
    if ('refused' in read) return read.refused;
    const { fields } = read;
    const linkId = fields.resourceLinkId;
    if (linkId !== undefined && !directory.linkOfTool(linkId, grant.clientId)) {
      return this.#unknownLink();
    }
    const current = item.fields.resourceLinkId;
    if (dialect.checksLineItemFields && linkId !== undefined && linkId !== current) {
      return refusal(400, 'resourceLinkId cannot be changed.');
    }
    // Moodle takes a missing resourceLinkId as an order to cut the link; others keep it.
    const keepsLink = dialect.name !== 'moodle' && current !== undefined;
    lineItems.replace(item, keepsLink ? { ...fields, resourceLinkId: current } : fields);
    return jsonReply(200, this.#wire(item), mediaTypes.lineItem);
  }

  remove(item: LineItem): Reply {
    if (item.coupled && this.#world.dialect.protectsCoupledItems) {
      return refusal(401, 'The line item of a resource link cannot be deleted.');
    }
    this.#world.lineItems.remove(item);
    return { status: 204 };
  }

  #wire(item: LineItem): JsonObject {
    const { dialect, lineItems } = this.#world;
    const linkId = item.fields.resourceLinkId;
    const twin = dialect.name === 'moodle' && linkId !== undefined ? { ltiLinkId: linkId } : {};
    return { ...item.fields, ...twin, id: lineItems.url(item) };
  }

  #readFields(incoming: Incoming): { fields: LineItemFields } | { refused: Reply } {
    const body = parseJson(incoming.body);
    if (!isJsonObject(body)) return { refused: refusal(400, 'The line item is no JSON object.') };
    const { id: _id, ltiLinkId: _twin, label, scoreMaximum, resourceLinkId, ...rest } = body;
    if (typeof label !== 'string' || typeof scoreMaximum !== 'number') {
      return { refused: refusal(400, 'label and scoreMaximum are required.') };
    }
    const isSound = label.trim() !== '' && scoreMaximum > 0;
    if (this.#world.dialect.checksLineItemFields && !isSound) {
      return { refused: refusal(400, 'label is blank or scoreMaximum is not above zero.') };
    }
    const link = resourceLinkId === undefined ? {} : { resourceLinkId: String(resourceLinkId) };
    return { fields: { ...rest, label, scoreMaximum, ...link } };
  }

  #unknownLink(): Reply {
    const status = this.#world.dialect.statuses.unknownResourceLink;
    return refusal(status, 'The resource link is not known.');
  }
}

function refusal(status: number, message: string): Reply {
  return jsonReply(status, { errors: [{ message }] });
}
