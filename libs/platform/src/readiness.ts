/** One thing a service cannot work without; throws or rejects while it is away. */
export interface ReadinessCheck {
  name: string;
  /** Its absence is reported, and requests are accepted all the same. */
  optional?: boolean;
  check(): Promise<void> | void;
}

export interface ReadinessReport {
  ready: boolean;
  checks: Record<string, 'ok' | string>;
}

const PATIENCE_MS = 2000;

/** Whether to send requests here: everything needed is reachable and we are not shutting down. */
export class Readiness {
  private draining = false;

  constructor(private readonly checks: readonly ReadinessCheck[]) {}

  startDraining(): void {
    this.draining = true;
  }

  async check(): Promise<ReadinessReport> {
    const results = await Promise.all(
      this.checks.map(async ({ name, optional = false, check }) => {
        return { name, optional, outcome: await outcome(check) };
      }),
    );
    if (this.draining) results.push({ name: 'draining', optional: false, outcome: 'yes' });
    return {
      ready: results.every((result) => result.optional || result.outcome === 'ok'),
      checks: Object.fromEntries(results.map((result) => [result.name, result.outcome])),
    };
  }
}

async function outcome(check: ReadinessCheck['check']): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
  });
  try {
    await Promise.race([check(), late]);
    return 'ok';
  } catch (error) {
    // The name of the fault only: driver messages may hold addresses or credentials.
    const { code, name } = error as { code?: string; name?: string };
    return code ?? (error instanceof Error ? error.message.slice(0, 100) : (name ?? 'failed'));
  } finally {
    clearTimeout(timer);
  }
}
