import { runService } from '@parlance/platform';
import { gradebook } from './gradebook.module.js';

await runService(gradebook);
