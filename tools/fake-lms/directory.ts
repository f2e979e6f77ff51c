import { randomBytes } from 'node:crypto';
import type { Dialect } from './dialect.js';

export const agsScopes = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemRead: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  resultRead: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
} as const;

/** What an administrator types in to install a tool. */
export interface ToolDescription {
  readonly loginUrl: string;
  readonly redirectUris: readonly string[];
  readonly jwksUrl: string;
  readonly clientId?: string;
  readonly deploymentId?: string;
  /** Where launches should land; the first redirect URI when absent. */
  readonly targetLinkUri?: string;
  /** Scopes the tool may be granted; all four AGS scopes when absent. */
  readonly scopes?: readonly string[];
}

/** What the administrator copies back into the tool. `jwksUrl` is the platform's. */
export interface Registration {
  readonly clientId: string;
  readonly deploymentId: string;
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
}

export interface InstalledTool {
  readonly clientId: string;
  readonly deploymentIds: readonly [string, ...string[]];
  readonly loginUrl: string;
  readonly redirectUris: readonly string[];
  readonly jwksUrl: string;
  readonly targetLinkUri: string;
  readonly scopes: readonly string[];
}

export interface User {
  /** Sent as `sub`. */
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  /** Sent exactly as given: full URIs, short names or nonsense. */
  readonly roles: readonly string[];
}

export interface ResourceLink {
  readonly id: string;
  readonly title: string;
  readonly contextId: string;
  readonly contextTitle: string;
  readonly custom?: Readonly<Record<string, string>>;
  /** The tool the link belongs to; the first one installed when absent. */
  readonly clientId?: string;
  readonly targetLinkUri?: string;
  readonly lineItem?: { readonly scoreMaximum: number; readonly label: string };
}

/** The tools, people and links this platform knows. */
export class Directory {
  readonly #dialect: Dialect;
  readonly #tools = new Map<string, InstalledTool>();
  readonly #users = new Map<string, User>();
  readonly #links = new Map<string, ResourceLink>();
  #deployments = 0;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Installing a known client id again adds a deployment and takes over the new URLs. */
  install(tool: ToolDescription): { clientId: string; deploymentId: string } {
    const [firstRedirectUri] = tool.redirectUris;
    if (firstRedirectUri === undefined) throw new Error('A tool needs at least one redirect URI.');
    const clientId = tool.clientId ?? randomBytes(8).toString('hex').slice(0, 15);
    const deploymentId = tool.deploymentId ?? this.#nextDeploymentId();
    const known = this.#tools.get(clientId)?.deploymentIds ?? [];
    this.#tools.set(clientId, {
      clientId,
      deploymentIds: [deploymentId, ...known.filter((id) => id !== deploymentId)],
      loginUrl: tool.loginUrl,
      redirectUris: [...tool.redirectUris],
      jwksUrl: tool.jwksUrl,
      targetLinkUri: tool.targetLinkUri ?? firstRedirectUri,
      scopes: tool.scopes ?? Object.values(agsScopes),
    });
    return { clientId, deploymentId };
  }

  addUser(user: User): void {
    this.#users.set(user.id, user);
  }

  addLink(link: ResourceLink): void {
    this.#links.set(link.id, link);
  }

  tool(clientId: string): InstalledTool | undefined {
    return this.#tools.get(clientId);
  }

  /** The tool that owns what names no owner. */
  defaultTool(): InstalledTool | undefined {
    return this.#tools.values().next().value;
  }

  user(id: string): User | undefined {
    return this.#users.get(id);
  }

  link(id: string): ResourceLink | undefined {
    return this.#links.get(id);
  }

  /** A link owned by another tool is as unknown as one that does not exist. */
  linkOfTool(id: string, clientId: string): ResourceLink | undefined {
    const link = this.#links.get(id);
    return link && this.isOwner(link.clientId, clientId) ? link : undefined;
  }

  isOwner(ownerClientId: string | undefined, clientId: string): boolean {
    return (ownerClientId ?? this.defaultTool()?.clientId) === clientId;
  }

  contextIds(): string[] {
    return [...new Set([...this.#links.values()].map((link) => link.contextId))];
  }

  #nextDeploymentId(): string {
    this.#deployments += 1;
    const number = String(this.#deployments);
    return this.#dialect.name === 'canvas'
      ? `${number}:${randomBytes(20).toString('hex')}`
      : number;
  }
}

/** Only learners have a place in the gradebook; teachers and unknown roles have none. */
export function canBeGraded(user: User): boolean {
  return user.roles.some((role) => /(^|[#/])Learner($|#)/.test(role));
}
