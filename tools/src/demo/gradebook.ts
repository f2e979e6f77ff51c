import type { Api } from '../api.js';

export interface Cell {
  id: string | null;
  assignmentId: string;
  status: string;
  points: number | null;
  pointsPossible: number;
  overridden: boolean;
  version: number;
  submittedAt: string | null;
  firstScoredAt: string | null;
}

export interface Row {
  learnerId: string;
  displayName: string;
  cells: Cell[];
  total: { points: number; pointsPossible: number; currentPercent: number | null };
}

interface View {
  items: Row[];
  nextCursor: string | null;
}

export async function classRows(api: Api, token: string, classId: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const view: View = await api.get<View>('GET', `/gradebooks/${classId}?limit=200${at}`, {
      token,
    });
    rows.push(...view.items);
    cursor = view.nextCursor;
  } while (cursor !== null);
  return rows;
}

export interface Awaited {
  api: Api;
  token: () => Promise<string>;
  classId: string;
  assignmentId: string;
  learners: ReadonlySet<string>;
  done: (cell: Cell, learnerId: string) => boolean;
}

/** A platform that is being restarted may stand still for a while, but not for so long. */
const PATIENCE_MS = 300_000;

/** Waits until every learner's cell is `done`; rejects when nothing has moved for minutes. */
export async function waitForCells(
  { api, token, classId, assignmentId, learners, done }: Awaited,
  progress: (count: number) => void,
): Promise<Row[]> {
  let best = -1;
  let movedAt = Date.now();
  for (;;) {
    const rows = await classRows(api, await token(), classId);
    const isDone = ({ learnerId, cells }: Row) =>
      learners.has(learnerId) &&
      cells.some((cell) => cell.assignmentId === assignmentId && done(cell, learnerId));
    const count = rows.filter(isDone).length;
    progress(count);
    if (count === learners.size) return rows;
    if (count > best) {
      best = count;
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > PATIENCE_MS) {
      throw new Error(`Only ${count} of ${learners.size} cells came, and none for 5 minutes.`);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 100 + learners.size)));
  }
}
