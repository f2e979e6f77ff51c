import type { Hop } from './view.js';

/** E.g. `12.3ms`, `420ms`, `4.56s`. */
export function durationText(milliseconds: number): string {
  if (Math.abs(milliseconds) >= 1000) return `${(milliseconds / 1000).toFixed(2)}s`;
  return `${milliseconds.toFixed(Math.abs(milliseconds) < 100 ? 1 : 0)}ms`;
}

export function publication({ failedAt, lagMs, deliveries }: Hop): string {
  if (failedAt !== null) return 'refused by SNS';
  if (lagMs !== null) return `published after ${durationText(lagMs)}`;
  // Its writer could not be asked, but whoever took it proves that it was published.
  return deliveries.length > 0 ? 'published' : 'not published yet';
}

/** On one line and without anything that would steer a terminal. */
export function printable(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
