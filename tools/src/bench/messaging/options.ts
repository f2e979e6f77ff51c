import { parseArgs } from 'node:util';
import { ABOUT, type Scenario, SCENARIOS } from './scenarios.js';

export interface BenchOptions {
  scenarios: readonly Scenario[];
  /** Part of a contestant's name. */
  contestant: string | undefined;
  rounds: number;
  messages: number;
  /** Most seconds that a contestant should need for one run, by what is known of its speed. */
  seconds: number;
  noisySeconds: number;
  isQuick: boolean;
  jsonFile: string | undefined;
}

export const MESSAGING_HELP = `npm run bench -- messaging [options]

Our consumer, inbox and relay beside others' on one emulator, in turn.

  --scenario NAME      one of those below; may be given several times (default: all)
  --contestant NAME    only those whose name holds NAME
  --rounds N           runs of each contestant (default 5)
  --messages N         messages of a run; the slow ones get fewer (default 20000)
  --quick              one round of 500 messages with few contestants: whether it works
  --json FILE          writes every run to FILE
  --help

${SCENARIOS.map((name) => `  ${name.padEnd(11)} ${ABOUT[name]}`).join('\n')}

Ends with 1 when a message was lost or had its effect twice; asserts nothing about time.`;

/** The options, or an Error that says which of them makes no sense. */
export function messagingOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: 'string', multiple: true },
      contestant: { type: 'string' },
      rounds: { type: 'string' },
      messages: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const isQuick = values.quick;
  return {
    scenarios: values.scenario?.map(scenarioOf) ?? SCENARIOS,
    contestant: values.contestant,
    rounds: wholeNumber('rounds', values.rounds, isQuick ? 1 : 5),
    messages: wholeNumber('messages', values.messages, isQuick ? 500 : 20_000),
    seconds: isQuick ? 1 : 8,
    noisySeconds: isQuick ? 2 : 20,
    isQuick,
    jsonFile: values.json,
  };
}

function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((one) => one === name);
  if (found) return found;
  throw new Error(`There is no scenario "${name}"; there are ${SCENARIOS.join(', ')}.`);
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(`--${name} takes a whole number from 1, not "${text}".`);
  }
  return value;
}
