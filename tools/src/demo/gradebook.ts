import type { Api } from '../api.js';

export interface Cell {
  id: string;
  assignmentId: string;
  status: string;
  points: number | null;
  pointsPossible: number;
  overridden: boolean;
  version: number;
  submittedAt?: string;
  firstScoredAt?: string;
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
    const view: View = await api.get<View>('GET', `/gradebooks/${classId}?limit=200${at}`, { token });
    rows.push(...view.items);
    cursor = view.nextCursor;
  } while (cursor !== null);
  return rows;
}

/** Waits until every given learner's cell satisfies `done`; rejects when nothing moves any more. */
export async function waitForCells(
  api: Api,
  token: () => Promise<string>,
  classId: string,
  assignmentId: string,
  learners: ReadonlySet<string>,
  done: (cell: Cell) => boolean,
  progress: (count: number) => void,
): Promise<Row[]> {
  let best = -1;
  let movedAt = Date.now();
  for (;;) {
    const rows = await classRows(api, await token(), classId);
    const ready = rows.filter(
      ({ learnerId, cells }) =>
        learners.has(learnerId) &&
        cells.some((cell) => cell.assignmentId === assignmentId && done(cell)),
    ).length;
    progress(ready);
    if (ready === learners.size) return rows;
    if (ready > best) {
      best = ready;
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > 300_000) {
      throw new Error(`Only ${ready} of ${learners.size} cells are there, and none came for 5 minutes.`);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 100 + learners.size)));
  }
}
