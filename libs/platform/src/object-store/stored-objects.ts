import type { Id } from '@parlance/kernel';

/** What the store knows of an object without reading it. */
export interface ObjectHead {
  bytes: number;
  mediaType: string;
}

/** What somebody else must send, exactly, for the store to take it. */
export interface UploadRequest {
  method: 'PUT';
  url: string;
  /** To be sent as they are: they are part of the signature. */
  headers: Record<string, string>;
}

/** A part of a multipart upload, as the store answered its PUT; numbers run from 1 to 10,000. */
export interface UploadedPart {
  partNumber: number;
  etag: string;
}

/** Least size in bytes of every part but the last. */
export const MIN_PART_BYTES = 5 * 1024 * 1024;

/** Where the media of content lie; whoever may show an item signs for them from this key. */
export function mediaKey(institutionId: Id, sha256: string): string {
  return `media/${institutionId}/${sha256}`;
}

/** Where a recording or file of a learner lies; graders sign for it from the answer's upload id. */
export function uploadKey(institutionId: Id, attemptId: Id, uploadId: Id): string {
  return `uploads/${institutionId}/${attemptId}/${uploadId}`;
}

/** Where the copy lies of a recording that is marked without names; its id is made for that. */
export function namelessKey(institutionId: Id, namelessId: Id): string {
  return `nameless/${institutionId}/${namelessId}`;
}

/** What an object turned out to be when it was read as a whole. */
export interface ObjectContents {
  bytes: number;
  /** Of all bytes, in lower-case hexadecimal. */
  sha256: string;
  /** The first 64 bytes or fewer, which say what kind of file it is. */
  start: Buffer;
}
