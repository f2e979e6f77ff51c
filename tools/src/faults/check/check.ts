import { checkDeliveries } from './deliveries.js';
import type { Facts } from './facts.js';
import { checkLetters } from './letters.js';
import { checkOrder } from './order.js';
import { checkSubmissions } from './submissions.js';
import { checkSums } from './sums.js';
import { checkTraces } from './traces.js';
import type { Violation } from './violation.js';

/** Everything that is wrong with the facts; empty when all seven invariants hold. */
export function check(facts: Facts): Violation[] {
  return [
    ...checkSubmissions(facts),
    ...checkDeliveries(facts),
    ...checkOrder(facts),
    ...checkTraces(facts),
    ...checkLetters(facts),
    ...checkSums(facts),
  ];
}
