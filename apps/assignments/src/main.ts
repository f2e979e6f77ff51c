import { runService } from '@parlance/platform';
import { assignments } from './assignments.module.js';
await runService(assignments);
