/** Bodies of JSON; a route that takes more says so in its service's definition. */
export const MAX_JSON_BYTES = 1_048_576;

/**
 * Bodies that save answers. An answer may have 1 MiB of text, and JSON writes line breaks, quotes
 * and, at some clients, every letter beyond ASCII with an escape of up to three times its size.
 */
export const MAX_ANSWERS_BODY_BYTES = 4 * 1_048_576;
