import { runService } from '@parlance/platform';
import { lti } from './lti.module.js';
await runService(lti);
