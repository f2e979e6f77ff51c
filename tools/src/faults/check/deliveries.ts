import type { Facts } from './facts.js';
import { type Violation, violation } from './violation.js';

/**
 * I2: every committed event was applied exactly once by each consumer, or lies in a dead-letter
 * queue. I4: nothing was applied that nobody committed.
 */
export function checkDeliveries(facts: Facts): Violation[] {
  return [...checkApplied(facts), ...checkCauses(facts)];
}

function checkApplied(facts: Facts): Violation[] {
  const times = new Map(facts.applications.map((one) => [keyOf(one), one.times]));
  const letters = new Set(facts.letters.map(({ queue, eventId }) => `${queue} ${eventId}`));
  const found: Violation[] = [];
  for (const { eventId, type, owner, isFailed } of facts.events) {
    for (const consumer of facts.consumersOf.get(type) ?? []) {
      const count = times.get(keyOf({ consumer, eventId })) ?? 0;
      const what = `${consumer} applied ${type} ${eventId}`;
      const isLetter = letters.has(`parlance-${consumer}-from-${owner}-dlq ${eventId}`);
      if (count > 1) {
        found.push(violation('duplicate', 'I2', eventId, `${what} ${count} times`));
      } else if (count === 0 && !isLetter) {
        const why = isFailed ? ': SNS refused it' : '';
        found.push(violation('lost', 'I2', eventId, `${what} never${why}`));
      }
    }
  }
  return found;
}

function checkCauses(facts: Facts): Violation[] {
  const events = new Set(facts.events.map(({ eventId }) => eventId));
  const planted = new Set(facts.planted.map(({ eventId }) => eventId));
  const applied = new Set(facts.applications.map(({ eventId }) => eventId));
  const submitted = new Set(
    facts.attempts.filter((one) => one.status === 'submitted').map(({ attemptId }) => attemptId),
  );
  const scored = new Set(facts.scores.map(({ attemptId }) => attemptId));
  const found: Violation[] = [];
  const phantom = (lookFor: string, about: string) =>
    found.push(violation('phantom', 'I4', lookFor, about));
  for (const { consumer, eventId, type } of facts.applications) {
    if (!events.has(eventId) && !planted.has(eventId)) {
      phantom(eventId, `${consumer} applied ${type} ${eventId}, which nobody committed`);
    }
  }
  for (const { eventId, causationId, type } of facts.events) {
    if (causationId !== null && !applied.has(causationId)) {
      phantom(eventId, `${type} ${eventId} was caused by ${causationId}, which nobody applied`);
    }
  }
  for (const { attemptId } of facts.scores) {
    if (!submitted.has(attemptId)) {
      phantom(attemptId, `attempt ${attemptId} has a score and was not submitted`);
    }
  }
  for (const cell of facts.cells) {
    for (const attemptId of Object.keys(cell.attempts)) {
      if (!scored.has(attemptId)) {
        phantom(attemptId, `cell ${cell.cellId} has attempt ${attemptId}, which has no score`);
      }
    }
  }
  return found;
}

function keyOf({ consumer, eventId }: { consumer: string; eventId: string }): string {
  return `${consumer} ${eventId}`;
}
