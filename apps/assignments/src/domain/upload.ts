import type { Interaction, ItemDelivery } from '@parlance/assessment';
import { type FieldFault, Refusal } from '@parlance/kernel';
import { isKnownMediaType, plain } from './media-type.js';

/** Bytes of every part but the last; above the 5 MiB that S3 asks for, so that a retry is short. */
export const PART_BYTES = 5 * 1024 * 1024;

/** Most uploads of one attempt, given up ones too. */
export const MAX_UPLOADS = 100;

/** What a device stops late by is no reason to lose a recording, in seconds. */
const DURATION_TOLERANCE_SECONDS = 2;

export interface NewUpload {
  slot: number;
  responseId: string;
  mediaType: string;
  sizeBytes: number;
  durationSeconds: number | null;
}

export function partCount(sizeBytes: number, partBytes: number): number {
  return Math.ceil(sizeBytes / partBytes);
}

/** Exact size of a part; undefined when the upload has no such part. */
export function bytesOfPart(
  { sizeBytes, partBytes }: { sizeBytes: number; partBytes: number },
  partNumber: number,
): number | undefined {
  const count = partCount(sizeBytes, partBytes);
  if (partNumber < 1 || partNumber > count) return undefined;
  return partNumber < count ? partBytes : sizeBytes - (count - 1) * partBytes;
}

/** Refuses what the item does not ask for, or what is larger or longer than it allows. */
export function requireUploadable(
  delivery: ItemDelivery | undefined,
  upload: NewUpload,
  takes: number,
): void {
  const asked = delivery?.interactions.find(({ responseId }) => responseId === upload.responseId);
  if (asked?.kind !== 'recording' && asked?.kind !== 'upload') {
    throw refused({ pointer: '/responseId', detail: 'asks for no upload in this slot' });
  }
  const fault = faultOf(asked, upload);
  if (fault !== null) throw refused(fault);
  if (asked.kind === 'recording' && asked.maxTakes > 0 && takes >= asked.maxTakes) {
    const detail = `This can be recorded ${asked.maxTakes} times, and it was.`;
    throw new Refusal('conflict', 'no-takes-left', detail);
  }
}

function faultOf(
  asked: Extract<Interaction, { kind: 'recording' | 'upload' }>,
  { mediaType, sizeBytes, durationSeconds }: NewUpload,
): FieldFault | null {
  const isAllowed =
    asked.kind === 'upload'
      ? asked.mediaTypes.map(plain).includes(plain(mediaType))
      : /^(audio|video)\//.test(mediaType);
  if (!isAllowed || !isKnownMediaType(mediaType)) {
    return { pointer: '/mediaType', detail: 'is not a media type this takes' };
  }
  if (sizeBytes > asked.maxBytes) {
    return { pointer: '/sizeBytes', detail: `must be at most ${asked.maxBytes}` };
  }
  if (asked.kind === 'upload') return null;
  const most = asked.maxSeconds + DURATION_TOLERANCE_SECONDS;
  if (durationSeconds === null || durationSeconds > most || durationSeconds < asked.minSeconds) {
    const detail = `must be from ${asked.minSeconds} to ${asked.maxSeconds}`;
    return { pointer: '/durationSeconds', detail };
  }
  return null;
}

function refused(fault: FieldFault): Refusal {
  return new Refusal('unprocessable', 'upload-refused', 'This cannot be uploaded here.', [fault]);
}
