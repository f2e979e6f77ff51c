import {
  BooleanField,
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
} from '@parlance/platform';
import { OFFLINE_OUTCOMES, type OfflineOutcome } from '../domain/offline.js';
import { SignedMediaDto } from './attempt-media.dto.js';

const MAX_SEQUENCE = Number.MAX_SAFE_INTEGER;
const MAX_ELAPSED_MS = 366 * 86_400_000;

export class BundleClaimDto {
  @TextField({ max: 100 }) deviceId: string;
  @BooleanField({ optional: true, about: 'also when another device writes' }) takeOver?: boolean;
}

export class BundleDto {
  @TextField({
    max: 100_000_000,
    about:
      'compact JWS: form, answers so far, window, lease; no key; see /offline-keys. Items with ' +
      'tries are answered once without a connection',
  })
  bundle: string;
  @TextField({ max: 4000, about: 'to be sent back with the answers' }) evidence: string;
  @IdField() lease: string;
  @InstantField({ optional: true, about: 'later nothing that comes back counts' })
  syncUntil?: string;
  @ListField(() => SignedMediaDto, { max: 10_000 }) media: SignedMediaDto[];
}

export class OfflineAnswerDto {
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @IntegerField({ min: 1, max: MAX_SEQUENCE, about: 'grows with every change of this slot' })
  sequence: number;
  @ObjectField() responses: Record<string, unknown>;
  @IntegerField({
    min: 0,
    max: MAX_ELAPSED_MS,
    optional: true,
    about: 'since the bundle came, by a clock that cannot be set; absent: not known',
  })
  elapsedMs?: number;
  @TextField({ max: 40, optional: true, about: 'by the clock of the device: kept, not believed' })
  deviceTime?: string;
}

export class OfflineResponsesDto {
  @TextField({ max: 4000, about: 'of the bundle' }) evidence: string;
  @ListField(() => OfflineAnswerDto, { min: 1, max: 1000 }) answers: OfflineAnswerDto[];
}

export class OfflineAnswerReceiptDto {
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @IntegerField({ min: 1, max: MAX_SEQUENCE }) sequence: number;
  @ChoiceField(OFFLINE_OUTCOMES, {
    about:
      'saved; stale: newer answers are kept; superseded: another device has answered since; ' +
      'the others do not count but are kept; invalid: does not fit the item',
  })
  outcome: OfflineOutcome;
}

export class OfflineReceiptDto {
  @InstantField() receivedAt: string;
  @ListField(() => OfflineAnswerReceiptDto, { max: 1000 }) answers: OfflineAnswerReceiptDto[];
}
