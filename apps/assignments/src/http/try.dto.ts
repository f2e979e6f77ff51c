import type { BodyNode, Responses } from '@parlance/assessment';
import {
  BooleanField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  NumberField,
  ObjectField,
  TextField,
} from '@parlance/platform';

const MAX_SEQUENCE = Number.MAX_SAFE_INTEGER;
const MAX_TRIES = 100;

export class NewTryDto {
  @IntegerField({
    min: 1,
    max: MAX_SEQUENCE,
    about: 'of the same count as the saves of this slot; a try saves its answers too',
  })
  sequence: number;
  @ObjectField({ about: 'as they are saved' }) responses: Record<string, unknown>;
  @IdField({ optional: true, about: 'of the device that writes; needed once one has claimed' })
  lease?: string;
  @TextField({ max: 100, optional: true }) deviceId?: string;
  @TextField({ max: 40, optional: true, about: 'by the clock of the device: kept, not believed' })
  deviceTime?: string;
}

export class TryReceiptDto {
  @IntegerField({ min: 1, max: MAX_TRIES, about: 'which try of this item it is' }) number: number;
  @IntegerField({ min: 0, max: MAX_TRIES }) triesLeft: number;
  @TextField({ max: 200, about: 'where its result will be' }) resultAt: string;
}

export class TryFeedbackDto {
  @TextField({ max: 500, optional: true, about: 'left out: it is about the item' })
  responseId?: string;
  @ListField(() => Object, { max: 10_000, about: 'body nodes' }) content: BodyNode[];
}

export class TryResultDto {
  @BooleanField({ about: 'nothing is left to try' }) completed: boolean;
  @BooleanField({ about: 'false: an earlier try has completed the item' }) counted: boolean;
  @ListField(() => TryFeedbackDto, { max: 1000, about: 'what the author says to it' })
  feedback: TryFeedbackDto[];
  @NumberField({ optional: true, about: 'only where the author shows points' }) points?: number;
  @NumberField({ optional: true }) pointsPossible?: number;
  @InstantField() scoredAt: string;
}

export class ItemTryDto {
  @IntegerField({ min: 1, max: MAX_TRIES }) number: number;
  @IntegerField({ min: 1, max: MAX_SEQUENCE }) sequence: number;
  @ObjectField() responses: Responses;
  @InstantField() triedAt: string;
  @NestedField(() => TryResultDto, { optional: true, about: 'left out until it has come' })
  result?: TryResultDto;
}

export class ItemTriesDto {
  @IntegerField({ min: 2, max: MAX_TRIES }) maxTries: number;
  @IntegerField({ min: 0, max: MAX_TRIES, about: 'as far as results have come' })
  triesLeft: number;
  @ListField(() => ItemTryDto, { max: MAX_TRIES }) items: ItemTryDto[];
}
