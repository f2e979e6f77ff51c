import { type Id, isId, Refusal, storableText } from '@parlance/kernel';

/** What the LTI service vouches for: a user of an LMS who launched into a class. */
export interface Launch {
  institutionId: Id;
  registrationId: Id;
  /** `sub` of the platform's id_token: opaque, unique within the registration. */
  subject: string;
  classId: Id;
  role: 'learner' | 'teacher';
  displayName: string | undefined;
  locale: string | undefined;
  jti: string;
  expiresAt: Date;
}

/** Seconds an assertion may live, with a little for clocks that differ. */
const MAX_LIFE_SECONDS = 65;

/** Reads the claims of an assertion whose signature, issuer and audience are already checked. */
export function launchOf(claims: Readonly<Record<string, unknown>>): Launch {
  const { sub, registrationId, institutionId, classId, role, jti, iat, exp } = claims;
  const wellFormed =
    typeof sub === 'string' &&
    sub.length > 0 &&
    sub.length <= 255 &&
    storableText(sub) === sub &&
    isId(registrationId) &&
    isId(institutionId) &&
    isId(classId) &&
    (role === 'learner' || role === 'teacher') &&
    typeof jti === 'string' &&
    jti.length >= 8 &&
    jti.length <= 128 &&
    typeof exp === 'number' &&
    (iat === undefined || typeof iat === 'number');
  if (!wellFormed) throw invalidAssertion();
  if (typeof iat === 'number' && exp - iat > MAX_LIFE_SECONDS) throw invalidAssertion();
  return {
    institutionId: institutionId.toLowerCase(),
    registrationId: registrationId.toLowerCase(),
    subject: sub,
    classId: classId.toLowerCase(),
    role,
    displayName: shortText(claims.displayName, 200),
    locale: shortText(claims.locale, 35),
    jti,
    expiresAt: new Date(exp * 1000),
  };
}

export function invalidAssertion(): Refusal {
  const detail = 'The launch cannot be accepted. Start again from your LMS.';
  return new Refusal('unauthenticated', 'invalid-assertion', detail);
}

/** What an LMS calls somebody is a courtesy: cut or left out, never a reason to refuse. */
function shortText(value: unknown, max: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const cut = [...storableText(value).replace(/\s+/g, ' ').trim()].slice(0, max).join('');
  return cut === '' ? undefined : cut.slice(0, max).toWellFormed();
}
