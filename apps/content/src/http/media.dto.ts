import {
  BooleanField,
  ChoiceField,
  InstantField,
  IntegerField,
  NestedField,
  ObjectField,
  PatternField,
  TextField,
} from '@parlance/platform';
import { MAX_MEDIA_BYTES, MEDIA_TYPES, MIN_MEDIA_BYTES } from '../domain/media-type.js';

const SHA256 = /^[0-9a-f]{64}$/;
const SIZE = { min: MIN_MEDIA_BYTES, max: 2_147_483_647 };

export class NewMediaBody {
  @PatternField(SHA256) sha256: string;
  @TextField({ max: 100, about: `one of ${MEDIA_TYPES.join(', ')}` }) mediaType: string;
  @IntegerField({ ...SIZE, about: `at most ${MAX_MEDIA_BYTES}, and less for some types` })
  bytes: number;
}

class UploadView {
  @ChoiceField(['PUT']) method: 'PUT';
  @TextField({ max: 4000, about: 'of the store; valid for 15 minutes' }) url: string;
  @ObjectField({ about: 'to be sent as they are' }) headers: Record<string, string>;
}

export class AnnouncedMediaView {
  @PatternField(SHA256) sha256: string;
  @ChoiceField(MEDIA_TYPES) mediaType: string;
  @IntegerField(SIZE) bytes: number;
  @BooleanField() isReady: boolean;
  @NestedField(() => UploadView, { optional: true, about: 'absent when the file is here already' })
  upload?: UploadView;
}

export class MediaView {
  @PatternField(SHA256) sha256: string;
  @ChoiceField(MEDIA_TYPES) mediaType: string;
  @IntegerField(SIZE) bytes: number;
  @BooleanField() isReady: boolean;
}

export class MediaLinkView {
  @PatternField(SHA256) sha256: string;
  @ChoiceField(MEDIA_TYPES) mediaType: string;
  @IntegerField(SIZE) bytes: number;
  @BooleanField() isReady: boolean;
  @TextField({ max: 4000, about: 'gives the file to whoever has it' }) url: string;
  @InstantField() expiresAt: string;
}
