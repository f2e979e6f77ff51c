import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '@parlance/kernel';
import type { TypePause } from '@parlance/messaging';
import { LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { OperatorCalls } from './operator-calls.js';

export interface ServicePause extends TypePause {
  service: string;
}

export interface PauseReport {
  pauses: ServicePause[];
  /** Services that could not be asked. */
  away: string[];
}

/** Types of event a service does not handle for now, because message after message failed alike. */
@Injectable()
export class PausedTypes {
  constructor(
    private readonly calls: OperatorCalls,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async list(): Promise<PauseReport> {
    const report: PauseReport = { pauses: [], away: [] };
    await Promise.all(
      this.calls.services.map(async (service) => {
        try {
          const answer = await this.calls.get(service, 'internal/consumer/pauses');
          const { pauses } = answer as { pauses: TypePause[] };
          report.pauses.push(...pauses.map((pause) => ({ service: service.name, ...pause })));
        } catch {
          report.away.push(service.name);
        }
      }),
    );
    report.pauses.sort((one, other) => one.pausedAt.localeCompare(other.pausedAt));
    return report;
  }

  /** The services that handle the type again. Throws a Refusal (404) when none had paused it. */
  async resume(type: string, operator: string): Promise<string[]> {
    const answers = await Promise.all(
      this.calls.services.map(async (service) => {
        const answer = await this.calls
          .post(service, 'internal/consumer/resume', { type })
          .catch(() => undefined);
        return (answer as { resumed?: boolean } | undefined)?.resumed === true ? service.name : [];
      }),
    );
    const resumed = answers.flat();
    if (resumed.length === 0) throw notFound('paused type');
    this.logger.info({ type, operator, services: resumed }, 'a paused type was resumed');
    return resumed;
  }
}
