import type { Reason } from '../domain/launch-refused.js';

/** Every sentence of the launch pages in one language; another language is another object. */
export interface Texts {
  lang: string;
  opening: string;
  noRole: string;
  noAssignment: string;
  refusedTitle: string;
  code: string;
  requestId: string;
  refused: Partial<Record<Reason, string>>;
  otherwise: string;
  failed: string;
}

const STALE = 'This launch has been used or is too old. Go back to your course and open it again.';

const english: Texts = {
  lang: 'en',
  opening: 'Your assignment is being opened.',
  noRole: 'Your role in this course gives you no place in the class. Ask your teacher.',
  noAssignment: 'No assignment is connected to this link yet.',
  refusedTitle: 'This could not be opened',
  code: 'Code',
  requestId: 'Request',
  refused: {
    state_expired: STALE,
    state_replayed: STALE,
    state_unknown: STALE,
    token_expired: STALE,
    iat_too_old: STALE,
    state_other_browser:
      'Your browser did not keep the cookie this needs. Allow cookies for this site, or open the ' +
      'activity in a new window.',
    deployment_pending:
      'This course is not connected yet. Ask your administrator to connect its deployment.',
    deployment_disabled: 'This course has been disconnected. Ask your administrator.',
    registration_disabled: 'This learning platform has been disconnected. Ask your administrator.',
    unknown_registration: 'This learning platform is not registered. Ask your administrator.',
    ambiguous_registration:
      'It is not clear which registration this belongs to. Ask your administrator.',
    platform_error: 'Your learning platform did not sign you in. Go back and try again.',
    keys_unavailable: 'Your learning platform could not be asked. Try again in a moment.',
  },
  otherwise: 'The message from your learning platform was not accepted. Tell your administrator.',
  failed: 'Something went wrong on our side. Try again in a moment.',
};

const LANGUAGES: readonly Texts[] = [english];

/** The texts in the language asked for, or in English. */
export function textsFor(locale: string | undefined): Texts {
  const language = locale?.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find(({ lang }) => lang === language) ?? english;
}
