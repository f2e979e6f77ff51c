import { fetchTrace } from './fetch-trace.js';

/** Spans are sent in batches, so the last of them come a little after the work they tell of. */
const PATIENCE_MS = 20_000;

/**
 * The trace once the spans of all `services` have arrived; after a while, as far as it has. An
 * unknown id throws what `fetchTrace` throws.
 */
export async function arrivedTrace(
  oncallUrl: string,
  secret: string,
  id: string,
  services: readonly string[],
): ReturnType<typeof fetchTrace> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const view = await fetchTrace(oncallUrl, secret, id);
    const seen = new Set(view.spans.map((span) => span.service));
    if (services.every((service) => seen.has(service)) || Date.now() > deadline) return view;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The services a submission passes through. */
export const SUBMISSION_WAY = ['gateway', 'assignments', 'grading', 'gradebook', 'lti'] as const;
