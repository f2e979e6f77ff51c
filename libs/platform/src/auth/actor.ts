import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Id } from '@parlance/kernel';

export const ROLES = ['admin', 'teacher', 'learner', 'support'] as const;

export type Role = (typeof ROLES)[number];

/** The person behind a request, as the access token says. */
export interface Actor {
  personId: Id;
  institutionId: Id;
  roles: Role[];
}

export function hasRole(actor: Actor, ...roles: Role[]): boolean {
  return actor.roles.some((role) => roles.includes(role));
}

export const PUBLIC = 'parlance:public';
export const OPERATOR = 'parlance:operator';
export const REQUIRED_ROLES = 'parlance:roles';

/** No token needed. Without it or @Roles a route is for every signed-in person. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Only with the operators' secret: `Authorization: Operator <secret>`. */
export const OperatorOnly = () => SetMetadata(OPERATOR, true);

/** At least one of these roles; which objects is for the use case to decide. */
export const Roles = (...roles: Role[]) => SetMetadata(REQUIRED_ROLES, roles);

/** The signed-in person, as a parameter of a controller's method. */
export const CurrentActor = createParamDecorator((_: unknown, execution: ExecutionContext) => {
  const actor = execution.switchToHttp().getRequest<{ actor?: Actor }>().actor;
  if (actor === undefined) throw new Error('CurrentActor on a public route.');
  return actor;
});
