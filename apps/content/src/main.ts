import { runService } from '@parlance/platform';
import { content } from './content.module.js';

await runService(content);
