import { Injectable } from '@nestjs/common';
import { OutboundClient, OutboundFailed, OutboundRefused } from '@parlance/platform';
import { AccessTokens } from './access-tokens.js';
import type { Job } from './db/delivery-queue.store.js';
import type { Registration } from './db/registration.store.js';
import { isObject, SCOPE } from './domain/claims.js';
import type { Answer } from './domain/delivery-outcome.js';
import { lineItemsOfLinkUrl, resultsUrl, serviceUrl } from './domain/grade-service-urls.js';
import { isAllowedUrl } from './domain/hosts.js';
import { nextPageUrl } from './domain/link-header.js';

const MEDIA = {
  score: 'application/vnd.ims.lis.v1.score+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
};

/** Most pages of line items that are looked through for one link. */
const MAX_PAGES = 20;

export interface LmsResult {
  resultScore?: unknown;
  resultMaximum?: unknown;
  /** Only Moodle tells when it stored the grade. */
  timestamp?: unknown;
}

interface Call {
  method: 'GET' | 'POST';
  url: string;
  scope: string;
  purpose: string;
  headers: Record<string, string>;
  body?: string;
}

/** Assignment and Grade Services of one platform (AGS 2.0). Throws TokenDenied. */
@Injectable()
export class GradeService {
  constructor(
    private readonly outbound: OutboundClient,
    private readonly tokens: AccessTokens,
  ) {}

  sendScore(registration: Registration, job: Job, lineItemUrl: string): Promise<Answer> {
    return this.call(registration, job, {
      method: 'POST',
      url: serviceUrl(lineItemUrl, 'scores'),
      scope: SCOPE.score,
      purpose: 'send score',
      // One value without parameters: anything more is refused by some platforms.
      headers: { 'content-type': MEDIA.score, accept: '*/*' },
      body: job.body,
    });
  }

  /** The learner's result; null when there is none, undefined when it cannot be read. */
  async readResult(
    registration: Registration,
    job: Job,
    lineItemUrl: string,
  ): Promise<LmsResult | null | undefined> {
    if (!job.scopes.includes(SCOPE.results)) return undefined;
    const answer = await this.call(registration, job, {
      method: 'GET',
      url: resultsUrl(lineItemUrl, job.subject),
      scope: SCOPE.results,
      purpose: 'read result',
      headers: { accept: MEDIA.results },
    });
    const list = listOf(answer);
    if (list === undefined) return undefined;
    return list.find((result) => String(result.userId) === job.subject) ?? null;
  }

  /**
   * The line item the platform has for the resource link. Null when it says there is none or
   * more than one; undefined when it could not be asked.
   */
  async findLineItem(registration: Registration, job: Job): Promise<string | null | undefined> {
    const scope = [SCOPE.lineItemRead, SCOPE.lineItem].find((name) => job.scopes.includes(name));
    if (job.lineItemsUrl === null || scope === undefined) return null;
    const found = new Set<string>();
    const visited = new Set<string>();
    let url: string | undefined = lineItemsOfLinkUrl(job.lineItemsUrl, job.resourceLinkId);
    while (url !== undefined && !visited.has(url) && visited.size < MAX_PAGES) {
      visited.add(url);
      const headers = { accept: MEDIA.lineItems };
      const call: Call = { method: 'GET', url, scope, purpose: 'find line item', headers };
      const answer = await this.call(registration, job, call);
      const items = listOf(answer);
      if (items === undefined || !('headers' in answer)) return undefined;
      for (const { id, resourceLinkId } of items) {
        if (resourceLinkId === job.resourceLinkId && typeof id === 'string') found.add(id);
      }
      url = nextPageUrl(answer.headers.link as string | string[] | undefined);
    }
    const [only] = found;
    return found.size === 1 && only !== undefined && isOurs(registration, only) ? only : null;
  }

  /** With a token, and with a fresh one when the platform does not take it; once. */
  private async call(registration: Registration, job: Job, call: Call): Promise<Answer> {
    if (!isOurs(registration, call.url)) return { failure: 'refused-address' };
    const token = await this.tokens.get(registration, job.deploymentId, call.scope);
    const answer = await this.request(registration, call, token);
    if (!('status' in answer) || answer.status !== 401) return answer;
    this.tokens.drop(registration, job.deploymentId, call.scope, token);
    const fresh = await this.tokens.get(registration, job.deploymentId, call.scope);
    return fresh === token ? answer : this.request(registration, call, fresh);
  }

  private async request(registration: Registration, call: Call, token: string): Promise<Answer> {
    const { method, url, purpose, headers, body } = call;
    try {
      return await this.outbound.request({
        method,
        url,
        purpose,
        headers: { ...headers, authorization: `Bearer ${token}` },
        allowPrivateHosts: registration.allowPrivateHosts,
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      if (error instanceof OutboundRefused) return { failure: 'refused-address' };
      if (error instanceof OutboundFailed) return { failure: error.code };
      throw error;
    }
  }
}

/** An access token goes to hosts that the registration names and to no other. */
function isOurs(registration: Registration, url: string): boolean {
  return isAllowedUrl(url, registration.allowedHosts, registration.allowPrivateHosts);
}

function listOf(answer: Answer): Record<string, unknown>[] | undefined {
  if (!('status' in answer) || answer.status !== 200) return undefined;
  try {
    const json: unknown = JSON.parse(answer.body);
    return Array.isArray(json) ? json.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}
