import { runService } from '@parlance/platform';
import { identity } from './identity.module.js';

await runService(identity);
