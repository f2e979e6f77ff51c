/**
 * Text as PostgreSQL, SQS and JSON can all carry it: no NUL or other C0 controls but tab, LF and
 * CR, and no lone surrogates (each becomes U+FFFD). Learners paste such characters; they must
 * neither be lost with the answer nor stop a message.
 */
export function storableText(text: string): string {
  // eslint-disable-next-line no-control-regex -- removing control characters is the point
  return text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '');
}
