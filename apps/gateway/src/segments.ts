/** The services behind the gateway. */
export const SERVICES = [
  'identity',
  'content',
  'assignments',
  'grading',
  'gradebook',
  'lti',
] as const;

export type Service = (typeof SERVICES)[number];

/** The first segment after /api/v1 decides which service owns a resource. */
const OWNERS: Record<Service, readonly string[]> = {
  identity: ['institutions', 'sessions', 'people', 'classes', 'jwks'],
  content: [
    ...['series', 'courses', 'units', 'lessons', 'activities', 'items', 'tests', 'imports'],
    ...['item-tags', 'bank-policy', 'blueprints', 'media', 'exports'],
  ],
  assignments: [
    ...['assignments', 'attempts', 'class-groups', 'accommodations', 'assignment-templates'],
    'offline-keys',
  ],
  grading: ['rescore-campaigns', 'review-tasks', 'scores'],
  gradebook: ['gradebooks'],
  lti: ['lti'],
};

const bySegment = new Map(
  SERVICES.flatMap((service) => OWNERS[service].map((segment) => [segment, service] as const)),
);

export const API_PREFIX = '/api/v1/';

/** Steps upwards, plain or encoded: what they would reach is not public. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)|\\|%5c|%00/i;

/** Who owns a path without its query; undefined: nobody, so 404. */
export function ownerOf(path: string): Service | undefined {
  if (!path.startsWith(API_PREFIX) || DOT_SEGMENT.test(path)) return undefined;
  const end = path.indexOf('/', API_PREFIX.length);
  return bySegment.get(path.slice(API_PREFIX.length, end === -1 ? undefined : end));
}
