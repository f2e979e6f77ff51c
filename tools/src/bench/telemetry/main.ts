import { measureWay, type WayTask } from './way.js';

/** The measuring process: its parent gives the task as its only argument. */
const task = JSON.parse(process.argv[2] ?? '{}') as WayTask;
const report = await measureWay(task);
process.send?.(report, () => process.exit(0));
