import { messagingOptions } from './options.js';
import { SCENARIOS } from './scenarios.js';

it('all scenarios, five rounds of 20000 unless told otherwise', () => {
  expect(messagingOptions([])).toMatchObject({
    scenarios: SCENARIOS,
    rounds: 5,
    messages: 20_000,
    contestant: undefined,
  });
});

it('takes what it is told', () => {
  const args = ['--scenario', 'slow', '--scenario', 'relay', '--rounds', '7', '--quick'];
  expect(messagingOptions(args)).toMatchObject({ scenarios: ['slow', 'relay'], rounds: 7 });
});

it.each([
  [['--scenario', 'fast'], /no scenario "fast"; there are no-op, /],
  [['--rounds', '0'], /--rounds takes a whole number from 1, not "0"/],
  [['--messages', 'many'], /--messages takes a whole number/],
  [['--loud'], /--loud/],
])('refuses %j', (args, message) => {
  expect(() => messagingOptions(args)).toThrow(message);
});
