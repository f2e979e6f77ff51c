import { benchMessaging } from './messaging/bench-messaging.js';
import { benchPipeline } from './pipeline.js';
import { benchScoring } from './scoring/bench-scoring.js';
import { benchSubmissions } from './submissions/bench-submissions.js';
import { benchTelemetry } from './telemetry.js';

const HELP = `npm run bench -- <name> [options]

  pipeline    submissions from HTTP to gradebook on this machine, everything included
                --learners N    submissions per round (default 1200)
                --rounds N      rounds with and without tracing, in turn (default 2)
  messaging   our consumer, inbox and relay beside others' (npm run bench -- messaging --help)
  scoring     items scored a second on one core (npm run bench -- scoring --help)
  submissions autosave under load, a rescoring campaign beside live submissions, and what a
                submission costs as the tables grow (npm run bench -- submissions --help)
  telemetry   events from outbox to effect while the telemetry backend is off, healthy, absent
              or hanging
                --events N      events a run (default 6000)
                --rounds N      rounds over all four, in turn (default 5)

Prints a table; nothing is asserted. Stop other work on the machine first.`;

const BENCHES: Record<string, (args: string[]) => Promise<void>> = {
  pipeline: benchPipeline,
  messaging: benchMessaging,
  scoring: benchScoring,
  submissions: benchSubmissions,
  telemetry: benchTelemetry,
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined || name === '--help') {
  console.log(HELP);
  process.exit(0);
}
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`There is no bench "${name}".\n\n${HELP}`);
  process.exit(2);
}
try {
  await bench(args);
} catch (error) {
  console.error(error instanceof Error ? `The bench failed: ${error.message}` : error);
  process.exit(1);
}
