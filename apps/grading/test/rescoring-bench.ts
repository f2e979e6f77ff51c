import type { AttemptSubmittedData } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { EventContext, Tx } from '@parlance/messaging';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { RescoreCampaignStore } from '../src/db/rescore-campaign.store.js';
import { approved, type Campaign, START } from '../src/domain/campaign.js';
import { grading } from '../src/grading.module.js';
import { RescoreWorker } from '../src/rescore-worker.js';
import { ScoringSpecs } from '../src/scoring-specs.js';
import { Submissions } from '../src/submissions.js';
import { seedAttempts } from './seed-attempts.js';
import { choiceSpec } from './specs.js';

/**
 * A campaign over many attempts, by the service's own classes on a real PostgreSQL, while the same
 * process scores live submissions at a steady rate. Prints one line of JSON.
 */
const [attempts, liveRate, itemsPerAttempt] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
];
const QUIET_MS = 15_000;

const institutionId = newId();
const [faulty, corrected, other] = [newId(), newId(), newId()];

function inInstitution<R>(service: TestService, work: (tx: Tx) => Promise<R>): Promise<R> {
  return service.database.inInstitution(institutionId, work);
}

/** Scores one submission after another at the rate, late or not, until it is stopped. */
function live(service: TestService) {
  const submissions = service.get(Submissions);
  const latencies: number[] = [];
  const under = new Set<Promise<void>>();
  const submitOne = async (due: number) => {
    await inInstitution(service, (tx) => {
      const context = { tx, institutionId, traceId: newId().replaceAll('-', '') };
      return submissions.score(submission(), 1, context as unknown as EventContext);
    });
    latencies.push(performance.now() - due);
  };
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    while (began + (sent * 1000) / liveRate <= performance.now()) {
      const one: Promise<void> = submitOne(began + (sent * 1000) / liveRate).finally(() =>
        under.delete(one),
      );
      under.add(one);
      sent += 1;
    }
  }, 1);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(under);
      return figures(latencies);
    },
  };
}

function submission(): AttemptSubmittedData {
  return {
    ...{ attemptId: newId(), assignmentId: newId(), classId: newId(), learnerId: newId() },
    ...{ attemptNumber: 1, submittedAt: new Date().toISOString() },
    items: Array.from({ length: itemsPerAttempt }, (_, index) => ({
      ...{ slot: index + 1, itemVersionId: other, responses: { RESPONSE: 'A' } },
    })),
  };
}

function figures(latencies: number[]) {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) };
}

async function prepare(service: TestService): Promise<void> {
  const specs = service.get(ScoringSpecs);
  await inInstitution(service, async (tx) => {
    for (const [itemVersionId, key] of [
      [faulty, 'A'],
      [corrected, 'B'],
      [other, 'A'],
    ] as const) {
      const spec = { itemVersionId, hash: 'a'.repeat(64), spec: choiceSpec(key) };
      await specs.add(tx, { ...spec, pointsPossible: 1 });
    }
  });
  const seed = { attempts, perAssignment: 30, itemVersionId: faulty, itemsPerAttempt };
  await seedAttempts(service.database, institutionId, seed);
}

async function pass(service: TestService, campaign: Campaign): Promise<number> {
  const store = service.get(RescoreCampaignStore);
  const began = performance.now();
  for (;;) {
    await service.get(RescoreWorker).drain();
    const now = await inInstitution(service, (tx) => store.find(tx, campaign.id));
    if (now !== null && now.state !== campaign.state) return (performance.now() - began) / 1000;
  }
}

async function open(service: TestService): Promise<Campaign> {
  const store = service.get(RescoreCampaignStore);
  const campaign: Campaign = {
    ...{ id: newId() as Id, itemId: null, fromVersionId: faulty, toVersionId: corrected },
    ...{ reason: 'bench', neverLower: false, state: 'previewing', pass: 'preview', version: 1 },
    ...{ openedBy: newId(), openedAt: new Date(), approvedBy: null, approvedAt: null },
    ...{ finishedAt: null, cursor: START, counts: {} },
  };
  await inInstitution(service, (tx) => store.add(tx, campaign));
  return campaign;
}

async function approve(service: TestService, campaign: Campaign): Promise<Campaign> {
  const store = service.get(RescoreCampaignStore);
  return inInstitution(service, async (tx) => {
    const draft = await store.lock(tx, campaign.id);
    if (draft === null) throw new Error('The campaign is gone.');
    const next = approved(draft, newId(), new Date());
    await store.correct(tx, next);
    await store.save(tx, next);
    return next;
  });
}

const service = await startTestService(grading);
await prepare(service);
const quiet = live(service);
await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
const without = await quiet.stop();
const campaign = await open(service);
const previewSeconds = await pass(service, campaign);
const busy = live(service);
const applySeconds = await pass(service, await approve(service, campaign));
const during = await busy.stop();
const [row] = await inInstitution(service, (tx) =>
  tx.query<{ once: number }>(
    `SELECT count(*)::int AS once FROM attempt_score s WHERE version = 2
       AND EXISTS (SELECT 1 FROM assignment_item i WHERE i.assignment_id = s.assignment_id
                   AND i.item_version_id = $1)`,
    [faulty],
  ),
);
if (row?.once !== attempts) throw new Error(`${row?.once} of ${attempts} have one new version.`);
process.stdout.write(
  `${JSON.stringify({ attempts, previewSeconds, applySeconds, without, during })}\n`,
);
await service.stop();
process.exit(0);
