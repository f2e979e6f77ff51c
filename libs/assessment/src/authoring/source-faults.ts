import type { FieldFault } from '@parlance/kernel';
import type { z } from 'zod';

/** Most faults told at once: the first ones say enough. */
const MAX_FAULTS = 50;

/** What a schema found, as pointers into the source. */
export function sourceFaults(error: z.ZodError): FieldFault[] {
  return error.issues.flatMap(faultsOf).slice(0, MAX_FAULTS);
}

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      detail: 'is not a field of this item type',
    }));
  }
  return [{ pointer: pointerOf(issue.path), detail: issue.message }];
}

/** RFC 6901 section 3, each part cut short: the pointer goes back to the sender. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => String(part).slice(0, 100).toWellFormed())
    .map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
