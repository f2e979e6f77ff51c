import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  InstantField,
  IntegerField,
  ListField,
  NumberField,
  ObjectField,
  TextField,
} from '@parlance/platform';
import { METRIC_KINDS, type MetricKind } from '../domain/metrics.js';

const COUNT = { min: 0, max: Number.MAX_SAFE_INTEGER };

const OptionalNumber = (description: string) =>
  ApiProperty({ type: Number, nullable: true, description });

export class MetricsQuery {
  @TextField({ max: 120, optional: true, about: 'only this metric' }) name?: string;
  @TextField({ max: 60, optional: true, about: 'only of this service' }) service?: string;
}

export class SeriesDto {
  @TextField({ max: 60 }) service: string;
  @TextField({ max: 60, about: 'tells processes of one service apart' }) instance: string;
  @TextField({ max: 120 }) name: string;
  @TextField({ max: 40 }) unit: string;
  @ChoiceField(METRIC_KINDS) kind: MetricKind;
  @ObjectField() attributes: Record<string, string>;
  @InstantField({ about: 'of the newest point' }) at: string;
  @NumberField({ about: 'a level, or the total since the process began' }) value: number;
  @OptionalNumber('of histograms: how often something was recorded') count: number | null;
  @OptionalNumber('growth within the window; null for levels') perSecond: number | null;
  @OptionalNumber('of histograms, within the window') p50: number | null;
  @OptionalNumber('of histograms, within the window') p99: number | null;
}

export class MetricsDto {
  @InstantField() at: string;
  @IntegerField(COUNT) windowSeconds: number;
  @IntegerField(COUNT) series: number;
  @IntegerField(COUNT) takenPoints: number;
  @IntegerField({ ...COUNT, about: 'of series there was no room for' }) droppedPoints: number;
  @IntegerField({ ...COUNT, about: 'too old, or from the future' }) strayPoints: number;
  @ListField(() => SeriesDto, { max: 20_000 }) items: SeriesDto[];
}
