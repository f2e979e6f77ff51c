import { Refusal } from '@parlance/kernel';

/** The class or S3 code of an error: the SDK names errors by the code S3 sent. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(errorName(error));
}

/** What a caller can cause, as a refusal; everything else of S3 is its absence. */
export function refusalOfStore(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  switch (errorName(error)) {
    case 'NoSuchKey':
    case 'NotFound':
      return new Refusal('not-found', 'object-not-found', 'Nothing has been uploaded there.');
    case 'NoSuchUpload':
      return new Refusal('gone', 'upload-gone', 'This upload was completed or given up.');
    case 'InvalidPart':
    case 'InvalidPartOrder': {
      const detail = 'The parts are not those that were uploaded, in the order of their numbers.';
      return new Refusal('unprocessable', 'upload-parts-differ', detail);
    }
    case 'EntityTooSmall': {
      const detail = 'Every part but the last must have 5 MiB or more.';
      return new Refusal('unprocessable', 'upload-part-too-small', detail);
    }
    default: {
      const detail = 'Uploads and downloads are not possible at the moment; try again.';
      return new Refusal('unavailable', 'object-store-unavailable', detail, [], 5);
    }
  }
}
