import { Worker } from 'node:worker_threads';
import { scoreItem } from '@parlance/assessment';
import { QTI_PEER_FOLDER } from '../messaging/peers.js';
import type { Load } from './items.js';
import { qtiXml } from './qti-xml.js';

interface PeerRun {
  points?: unknown[];
  rate?: number;
  fault?: string;
}

export interface PeerFigure {
  /** Items a second; undefined when it could not score the item at all. */
  rate: number | undefined;
  /** Answers it gives other points than we do, or none. */
  different: number;
}

export const PEER_NAME = 'qti3-item-player 1.1.20';

/** Another engine in a thread of its own, since it needs a document and writes to the console. */
export class Peer {
  private readonly worker = new Worker(new URL('qti3-item-player.mjs', QTI_PEER_FOLDER));

  async run({ spec, answers }: Load, milliseconds: number): Promise<PeerFigure> {
    const run = await new Promise<PeerRun>((resolve, reject) => {
      this.worker.once('message', (result: PeerRun) => {
        this.worker.off('error', reject);
        resolve(result);
      });
      this.worker.once('error', reject);
      this.worker.postMessage({ xml: qtiXml(spec), answers, milliseconds });
    });
    if (run.fault !== undefined) console.error(`bench: ${PEER_NAME}: ${run.fault}`);
    const points = run.points ?? [];
    const different = answers.filter(
      (one, index) => Number(points[index] ?? Number.NaN) !== scoreItem(spec, one).points,
    );
    return { rate: run.rate, different: different.length };
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
