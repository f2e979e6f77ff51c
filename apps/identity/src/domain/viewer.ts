import type { Id } from '@parlance/kernel';

/** How much of an institution somebody may see. */
export type Scope = 'institution' | 'classes' | 'self';

export interface Viewer {
  institutionId: Id;
  personId: Id;
  scope: Scope;
}

interface SignedIn {
  institutionId: Id;
  personId: Id;
  roles: readonly string[];
}

/** Admins and support see all, teachers the people of their classes, learners themselves. */
export function viewerOf({ institutionId, personId, roles }: SignedIn): Viewer {
  return { institutionId, personId, scope: scopeOf(roles) };
}

function scopeOf(roles: readonly string[]): Scope {
  if (roles.includes('admin') || roles.includes('support')) return 'institution';
  return roles.includes('teacher') ? 'classes' : 'self';
}
