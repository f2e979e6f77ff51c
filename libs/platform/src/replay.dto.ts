import {
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  TextField,
  TextListField,
} from './http/fields.js';

const MODES = ['repair', 'rebuild'];

/** Which of its events a service is to tell one consumer again. */
export class ReplaySelectionInput {
  @TextField({ max: 60 }) consumer: string;
  @ChoiceField(MODES) mode: 'repair' | 'rebuild';
  @TextListField({ optional: true, maxItems: 50, max: 120 }) types?: string[];
  @InstantField({ optional: true }) from?: string;
  @InstantField({ optional: true }) to?: string;
  @TextField({ optional: true, max: 128 }) key?: string;
  @IdField({ optional: true }) institutionId?: string;
}

export class ReplayInput {
  @IdField() id: string;
  @TextField({ max: 60 }) consumer: string;
  @ChoiceField(MODES) mode: 'repair' | 'rebuild';
  @TextListField({ optional: true, maxItems: 50, max: 120 }) types?: string[];
  @InstantField({ optional: true }) from?: string;
  @InstantField({ optional: true }) to?: string;
  @TextField({ optional: true, max: 128 }) key?: string;
  @IdField({ optional: true }) institutionId?: string;
  @IntegerField({ optional: true, min: 1, max: 10_000 }) ratePerSecond?: number;
  @TextField({ max: 300 }) reason: string;
  @TextField({ max: 120 }) createdBy: string;
}

export class ReplayStateInput {
  @ChoiceField(['running', 'paused', 'cancelled']) state: 'running' | 'paused' | 'cancelled';
}

export class AdmissionInput {
  @IdField() id: string;
  @ChoiceField(MODES) mode: 'repair' | 'rebuild';
  @TextField({ optional: true, max: 60 }) projection?: string;
  @TextListField({ optional: true, maxItems: 50, max: 120 }) types?: string[];
  @TextField({ max: 300 }) reason: string;
  @TextField({ max: 120 }) createdBy: string;
}

export class AdmissionStateInput {
  @ChoiceField(['done', 'cancelled']) state: 'done' | 'cancelled';
}

export class SwapInput {
  @IntegerField({ optional: true, min: 0, max: 2_000_000_000 }) acceptMissing?: number;
}
