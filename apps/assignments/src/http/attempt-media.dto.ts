import {
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  NumberField,
  ObjectField,
  TextField,
} from '@parlance/platform';

const STATUSES = ['open', 'completed', 'refused'] as const;
const MAX_BYTES = 2_147_483_648;
const MAX_PARTS = 10_000;

export class NewUploadDto {
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @TextField({ max: 500 }) responseId: string;
  @TextField({ max: 100 }) mediaType: string;
  @IntegerField({ min: 1, max: MAX_BYTES }) sizeBytes: number;
  @NumberField({ min: 0, max: 86_400, optional: true, about: 'of a recording' })
  durationSeconds?: number;
}

export class ReceivedPartDto {
  @IntegerField({ min: 1, max: MAX_PARTS }) partNumber: number;
}

export class UploadDto {
  @IdField({ about: 'the answer, once it is completed' }) id: string;
  @IntegerField({ min: 1, max: 500 }) slot: number;
  @TextField({ max: 500 }) responseId: string;
  @ChoiceField(STATUSES) status: (typeof STATUSES)[number];
  @IntegerField({ min: 1, max: MAX_BYTES }) sizeBytes: number;
  @IntegerField({ min: 1, max: MAX_BYTES, about: 'of every part but the last' }) partBytes: number;
  @IntegerField({ min: 1, max: MAX_PARTS }) partCount: number;
  @ListField(() => ReceivedPartDto, { max: MAX_PARTS, about: 'send the others' })
  parts: ReceivedPartDto[];
}

export class PartRequestDto {
  @ChoiceField(['PUT']) method: 'PUT';
  @TextField({ max: 4000 }) url: string;
  @ObjectField({ about: 'to be sent as they are' }) headers: Record<string, string>;
}

export class PartReceiptDto {
  @TextField({ max: 200, about: 'ETag of the answer to the part' }) etag: string;
}

export class NewPlayDto {
  @TextField({ max: 500, about: 'of the media interaction' }) responseId: string;
}

export class SignedMediaDto {
  @TextField({ max: 64 }) sha256: string;
  @TextField({ max: 100 }) mediaType: string;
  @TextField({ max: 4000 }) url: string;
  @InstantField() expiresAt: string;
}

export class SignedMediaListDto {
  @ListField(() => SignedMediaDto, { max: 10_000 }) items: SignedMediaDto[];
}

export class PlayDto {
  @IntegerField({ min: 1, max: 2_147_483_647 }) plays: number;
  @IntegerField({ min: 0, max: 1000, optional: true, about: 'absent: no limit' })
  playsLeft?: number;
  @NestedField(() => SignedMediaDto) media: SignedMediaDto;
}
