/** Queues that are filled before the clock starts. */
export const QUEUE_SCENARIOS = ['no-op', 'async-5ms', 'slow', 'postgres', 'inbox'] as const;
export const SCENARIOS = [...QUEUE_SCENARIOS, 'noisy', 'relay'] as const;

export type QueueScenario = (typeof QUEUE_SCENARIOS)[number];
export type Scenario = (typeof SCENARIOS)[number];

export const ABOUT: Record<Scenario, string> = {
  'no-op': 'messages a second, the handler does nothing',
  'async-5ms': 'messages a second, the handler waits 5 ms',
  slow: 'messages a second, the handler of one message in twenty waits 500 ms',
  postgres: 'messages a second, each with a row of effect and of what was seen, in PostgreSQL',
  inbox: 'messages a second into PostgreSQL, ours with and without company in a transaction',
  noisy: 'age of quiet institutions, alone and beside one that sends 100 times as much',
  relay: 'events a second from the outbox to SNS',
};

/** Milliseconds the handler of a message waits, by a number drawn from 0 to 1. */
export function waitMsOf(scenario: QueueScenario, drawn: number): number {
  if (scenario === 'async-5ms') return 5;
  return scenario === 'slow' && drawn < 0.05 ? 500 : 0;
}

export function needsDatabase(scenario: Scenario): boolean {
  return scenario === 'postgres' || scenario === 'inbox' || scenario === 'relay';
}
