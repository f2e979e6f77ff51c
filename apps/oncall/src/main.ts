import { runService } from '@parlance/platform';
import { oncall } from './oncall.module.js';

await runService(oncall);
