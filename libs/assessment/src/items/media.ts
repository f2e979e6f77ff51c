/**
 * A file an item shows or plays. It is named by what it holds, so it never changes under a
 * published item; where to load it from is told when it is needed, for a short time.
 */
export interface MediaRef {
  /** SHA-256 of the file, lower-case hexadecimal. */
  sha256: string;
  /** IANA media type, such as `audio/mpeg`. */
  mediaType: string;
  sizeBytes: number;
  durationSeconds?: number;
  /** What somebody who cannot see or hear it is told before answering; it must not tell the key. */
  alt?: string;
}
