import { runService } from '@parlance/platform';
import { grading } from './grading.module.js';

await runService(grading);
