import { ApiProperty } from '@nestjs/swagger';
import {
  BooleanField,
  ChoiceField,
  InstantField,
  IntegerField,
  ListField,
  NumberField,
  ObjectField,
  TextField,
} from '@parlance/platform';
import { type Attributes, SPAN_KINDS, SPAN_STATUSES } from '../domain/telemetry.js';
import type { TraceView, ViewLog, ViewSpan } from '../domain/trace-view.js';

const ANSWERS = ['answered', 'not-reachable', 'not-configured'] as const;
const MANY = 10_000;
const COUNT = { min: 0, max: 2_147_483_647 };

const OptionalText = () => ApiProperty({ type: String, nullable: true });
const OptionalNumber = () => ApiProperty({ type: Number, nullable: true });

export class ServiceAnswerDto {
  @TextField({ max: 60 }) service: string;
  @ChoiceField(ANSWERS) status: (typeof ANSWERS)[number];
}

export class SpanRefDto {
  @TextField({ max: 32 }) traceId: string;
  @TextField({ max: 16 }) spanId: string;
}

export class SpanDto implements ViewSpan {
  @TextField({ max: 32 }) traceId: string;
  @TextField({ max: 16 }) spanId: string;
  @OptionalText() parentId: string | null;
  @ChoiceField(['own', 'linked'], { about: 'linked: of another trace that links to this one' })
  relation: ViewSpan['relation'];
  @IntegerField({ ...COUNT, about: 'place in the tree' }) depth: number;
  @TextField({ max: 60 }) service: string;
  @TextField({ max: 200 }) name: string;
  @ChoiceField(SPAN_KINDS) kind: ViewSpan['kind'];
  @ChoiceField(SPAN_STATUSES) status: ViewSpan['status'];
  @InstantField() startedAt: string;
  @NumberField({ about: 'ms since the first span' }) offsetMs: number;
  @NumberField() durationMs: number;
  @ObjectField() attributes: Attributes;
  @ListField(() => SpanRefDto, { max: MANY }) links: SpanRefDto[];
  @ApiProperty({ isArray: true, enum: ['parent-missing', 'clock-skew'] }) notes: ViewSpan['notes'];
}

export class LogLineDto implements ViewLog {
  @OptionalText() traceId: string | null;
  @OptionalText() spanId: string | null;
  @TextField({ max: 60 }) service: string;
  @InstantField() at: string;
  @NumberField({ about: 'ms since the first span' }) offsetMs: number;
  @TextField({ max: 10 }) level: string;
  @TextField({ max: 1001 }) message: string;
  @ObjectField() attributes: Attributes;
}

export class DeliveryDto {
  @TextField({ max: 60 }) service: string;
  @IntegerField(COUNT) receiveCount: number;
  @TextField({ max: 20, about: 'applied, duplicate, retry, dead, lost or outage' }) outcome: string;
  @InstantField() at: string;
  @OptionalNumber() durationMs: number | null;
}

export class HopDto {
  @TextField({ max: 36 }) eventId: string;
  @TextField({ max: 200 }) type: string;
  @TextField({ max: 60 }) from: string;
  @InstantField() createdAt: string;
  @OptionalText() publishedAt: string | null;
  @OptionalText() failedAt: string | null;
  @OptionalNumber() lagMs: number | null;
  @ListField(() => DeliveryDto, { max: MANY }) deliveries: DeliveryDto[];
}

export class OutboxRowDto {
  @TextField({ max: 60 }) service: string;
  @TextField({ max: 36 }) eventId: string;
  @TextField({ max: 36 }) institutionId: string;
  @TextField({ max: 200 }) type: string;
  @TextField({ max: 36 }) subject: string;
  @IntegerField(COUNT) version: number;
  @InstantField() createdAt: string;
  @OptionalText() publishedAt: string | null;
  @OptionalText() failedAt: string | null;
  @IntegerField(COUNT) attempts: number;
  @OptionalText() lastError: string | null;
}

export class InboxRowDto {
  @TextField({ max: 60 }) service: string;
  @TextField({ max: 36 }) eventId: string;
  @TextField({ max: 36 }) institutionId: string;
  @TextField({ max: 200 }) consumer: string;
  @TextField({ max: 200 }) type: string;
  @IntegerField(COUNT) receiveCount: number;
  @InstantField() processedAt: string;
}

export class RecordRowsDto {
  @TextField({ max: 60 }) service: string;
  @TextField({ max: 60, about: 'noun of the rows, e.g. attempt' }) noun: string;
  @ApiProperty({ isArray: true, type: Object }) rows: Record<string, unknown>[];
}

export class TraceViewDto implements TraceView {
  @TextField({ max: 36 }) id: string;
  @ApiProperty({ isArray: true, type: String }) traceIds: string[];
  @OptionalText() startedAt: string | null;
  @NumberField() durationMs: number;
  @ListField(() => ServiceAnswerDto, { max: MANY }) services: ServiceAnswerDto[];
  @ListField(() => SpanDto, { max: MANY }) spans: SpanDto[];
  @ListField(() => LogLineDto, { max: MANY }) logs: LogLineDto[];
  @ListField(() => HopDto, { max: MANY }) hops: HopDto[];
  @ListField(() => OutboxRowDto, { max: MANY }) outbox: OutboxRowDto[];
  @ListField(() => InboxRowDto, { max: MANY }) inbox: InboxRowDto[];
  @ListField(() => RecordRowsDto, { max: MANY }) records: RecordRowsDto[];
  @BooleanField({ about: 'there was more than is shown' }) truncated: boolean;
}
