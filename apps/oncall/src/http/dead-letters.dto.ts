import { ApiProperty } from '@nestjs/swagger';
import type { LetterGroup } from '@parlance/messaging';
import {
  BooleanField,
  ChoiceField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  NestedField,
  TextField,
} from '@parlance/platform';
import { Type } from 'class-transformer';
import { Matches } from 'class-validator';
import type { PlaceReport } from '../dead-letters.js';
import type { LetterRun, RunEntry } from '../domain/letter-run.js';

const MANY = 10_000;
const COUNT = { min: 0, max: 2_147_483_647 };
const KINDS = ['unhandled', 'undelivered', 'unpublished'] as const;
const STATES = ['looked', 'missing', 'away', 'busy'] as const;
const RUN_STATES = ['running', 'done', 'stopped', 'failed', 'interrupted'] as const;

const OptionalText = () => ApiProperty({ type: String, nullable: true });
const OptionalNumber = () => ApiProperty({ type: Number, nullable: true });

const queue = { optional: true, max: 80, about: 'dead-letter queue, its source, or an outbox' };
const since = { optional: true, about: 'made or come to lie there since' };
const fingerprint = { optional: true, max: 16, about: '16 hexadecimal digits' };
const id = { optional: true, max: 100, about: 'of the message or of its event' };
const Fingerprint = () => Matches(/^[0-9a-f]{16}$/);

/** Which letters are meant; what is left out does not matter. */
export class LetterFilterInput {
  @TextField(queue) queue?: string;
  @TextField({ optional: true, max: 200 }) type?: string;
  @IdField({ optional: true }) institutionId?: string;
  @TextField(fingerprint) @Fingerprint() fingerprint?: string;
  @InstantField(since) since?: string;
  @TextField(id) id?: string;
}

/** The same in a query, with how many to list. */
export class LetterQuery {
  @TextField(queue) queue?: string;
  @TextField({ optional: true, max: 200 }) type?: string;
  @IdField({ optional: true }) institutionId?: string;
  @TextField(fingerprint) @Fingerprint() fingerprint?: string;
  @InstantField(since) since?: string;
  @TextField(id) id?: string;
  @Type(() => Number) @IntegerField({ min: 1, max: 1000 }) limit: number = 100;
}

const operator = { max: 80, about: 'name of who does it, for the record' };
const rate = { min: 1, max: 500, about: 'letters per second' };

export class RedriveInput {
  @NestedField(() => LetterFilterInput) filter: LetterFilterInput;
  @BooleanField({ about: 'true: tells what would be done, and touches nothing' }) dryRun: boolean;
  @IntegerField({ ...rate, optional: true }) ratePerSecond: number = 50;
  @TextField({ optional: true, max: 500 }) reason?: string;
  @TextField(operator) operator: string;
}

export class DiscardInput {
  @NestedField(() => LetterFilterInput) filter: LetterFilterInput;
  @BooleanField({ about: 'true: tells what would be done, and touches nothing' }) dryRun: boolean;
  @IntegerField({ ...rate, optional: true }) ratePerSecond: number = 50;
  @TextField({ max: 500, about: 'why these events may be lost' }) reason: string;
  @TextField(operator) operator: string;
}

export class ResumeInput {
  @TextField({ max: 200 }) type: string;
  @TextField(operator) operator: string;
}

export class LetterPlaceDto implements PlaceReport {
  @TextField({ max: 80 }) name: string;
  @ChoiceField(KINDS) kind: PlaceReport['kind'];
  @OptionalNumber() depth: number | null;
  @ChoiceField(STATES) state: PlaceReport['state'];
}

export class LetterGroupDto implements LetterGroup {
  @TextField({ max: 80 }) queue: string;
  @ChoiceField(KINDS) kind: LetterGroup['kind'];
  @TextField({ max: 60 }) service: string;
  @OptionalText() type: string | null;
  @TextField({ max: 64 }) errorCode: string;
  @TextField({ max: 16 }) fingerprint: string;
  @IntegerField(COUNT) count: number;
  @IntegerField({ ...COUNT, about: 'of them, too old to be redriven' }) tooOld: number;
  @InstantField() firstAt: string;
  @InstantField() lastAt: string;
  @IntegerField({ ...COUNT, about: 'how many institutions they are of' }) institutions: number;
  @ApiProperty({ isArray: true, type: String }) exampleIds: string[];
}

export class LetterDto {
  @TextField({ max: 100 }) id: string;
  @TextField({ max: 80 }) queue: string;
  @ChoiceField(KINDS) kind: LetterGroup['kind'];
  @TextField({ max: 60 }) service: string;
  @OptionalText() eventId: string | null;
  @OptionalText() type: string | null;
  @OptionalText() institutionId: string | null;
  @OptionalText() eventAt: string | null;
  @InstantField() arrivedAt: string;
  @OptionalText() traceId: string | null;
  @TextField({ max: 64 }) errorCode: string;
  @TextField({ max: 16 }) fingerprint: string;
  @OptionalNumber() receiveCount: number | null;
  @IntegerField(COUNT) bytes: number;
}

export class DeadLettersDto {
  @IntegerField(COUNT) total: number;
  @ListField(() => LetterPlaceDto, { max: MANY }) queues: LetterPlaceDto[];
  @ListField(() => LetterGroupDto, { max: MANY }) groups: LetterGroupDto[];
  @BooleanField({ about: 'false: there may be letters that were not looked at' })
  isComplete: boolean;
}

export class LettersDto {
  @IntegerField({ ...COUNT, about: 'that fit, of which the latest are listed' }) matched: number;
  @ListField(() => LetterDto, { max: MANY }) letters: LetterDto[];
  @BooleanField() isComplete: boolean;
}

export class ShownFieldDto {
  @TextField({ max: 256 }) name: string;
  @IntegerField(COUNT) bytes: number;
  @OptionalText() value: string | null;
}

export class LetterViewDto {
  @NestedField(() => LetterDto) letter: LetterDto;
  @ListField(() => ShownFieldDto, { max: MANY }) attributes: ShownFieldDto[];
  @ListField(() => ShownFieldDto, { max: MANY }) envelope: ShownFieldDto[];
  @ListField(() => ShownFieldDto, { max: MANY }) data: ShownFieldDto[];
  @OptionalNumber() waitingBehind: number | null;
}

export class DryRunDto {
  @ListField(() => LetterGroupDto, { max: MANY }) groups: LetterGroupDto[];
  @IntegerField(COUNT) matched: number;
  @IntegerField(COUNT) tooOld: number;
  @BooleanField() isComplete: boolean;
}

export class LetterRunDto implements LetterRun {
  @IdField() id: string;
  @ChoiceField(['redrive', 'discard']) action: LetterRun['action'];
  @TextField({ max: 80 }) operator: string;
  @OptionalText() reason: string | null;
  @NestedField(() => LetterFilterInput) filter: LetterFilterInput;
  @IntegerField(rate) ratePerSecond: number;
  @ChoiceField(RUN_STATES) state: LetterRun['state'];
  @ApiProperty({ type: Object, description: 'letters by what became of them' })
  counts: LetterRun['counts'];
  @BooleanField() isComplete: boolean;
  @OptionalText() fault: string | null;
  @InstantField() startedAt: string;
  @OptionalText() finishedAt: string | null;
}

export class RunEntryDto implements RunEntry {
  @TextField({ max: 100 }) letterId: string;
  @TextField({ max: 80 }) queue: string;
  @OptionalText() eventId: string | null;
  @OptionalText() type: string | null;
  @OptionalText() institutionId: string | null;
  @TextField({ max: 16 }) fingerprint: string;
  @TextField({ max: 20, about: 'begun: nobody knows what came of it' })
  outcome: RunEntry['outcome'];
  @InstantField() at: string;
}

export class RunReportDto {
  @NestedField(() => LetterRunDto) run: LetterRunDto;
  @ListField(() => RunEntryDto, { max: MANY, about: 'the first thousand' }) letters: RunEntryDto[];
}

export class AuditDto {
  @ListField(() => LetterRunDto, { max: MANY }) runs: LetterRunDto[];
}

export class ServicePauseDto {
  @TextField({ max: 60 }) service: string;
  @TextField({ max: 200 }) type: string;
  @TextField({ max: 16 }) fingerprint: string;
  @IntegerField(COUNT) messages: number;
  @InstantField() pausedAt: string;
}

export class PausesDto {
  @ListField(() => ServicePauseDto, { max: MANY }) pauses: ServicePauseDto[];
  @ApiProperty({ isArray: true, type: String }) away: string[];
}

export class ResumedDto {
  @ApiProperty({ isArray: true, type: String }) services: string[];
}
