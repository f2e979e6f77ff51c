import { Database } from '@parlance/platform';
import { ReviewTaskStore } from '../src/db/review-task.store.js';

/** A process of its own that claims tasks until there are none, and prints the id of each. */
const [url, institutionId, personId] = process.argv.slice(2) as [string, string, string];
const database = await Database.open({ url, poolSize: 4, applicationName: 'claimer' });
const store = new ReviewTaskStore();
const claim = () =>
  database.inInstitution(institutionId, (tx) =>
    store.claimNext(tx, { personId, isAdmin: true }, {}),
  );
const claimAll = async () => {
  for (let task = await claim(); task !== null; task = await claim()) {
    process.stdout.write(`${task.id}\n`);
  }
};
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
await Promise.all([claimAll(), claimAll(), claimAll(), claimAll()]);
await database.close();
process.exit(0);
