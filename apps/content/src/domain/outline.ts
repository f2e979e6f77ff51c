import { type Id, Refusal } from '@parlance/kernel';
import type { ActivityMode, CefrLevel, Skill } from './tags.js';

/** The ordered levels below a series, each with the level its rows belong to. */
export const PARENT_OF = {
  course: 'series',
  unit: 'course',
  lesson: 'unit',
  activity: 'lesson',
} as const;

export type Level = keyof typeof PARENT_OF;

/** Most rows one parent may have: an outline is read whole. */
export const MAX_CHILDREN = 200;

/** A course, unit, lesson or activity; the last two fields are an activity's alone. */
export interface Part {
  id: Id;
  parentId: Id;
  title: string;
  /** From 1 among the parts of one parent. Others may move it, so it is not in the version. */
  position: number;
  cefrLevel: CefrLevel | null;
  skills: Skill[];
  version: number;
  mode?: ActivityMode;
  testId?: Id | null;
}

export interface OutlinePart extends Part {
  level: Level;
}

export interface OutlineNode extends OutlinePart {
  children: OutlineNode[];
}

/**
 * The parts of one course as a tree, children in their order. The parts may come in any order; one
 * without a parent among them is the root.
 */
export function outlineTree(parts: readonly OutlinePart[]): OutlineNode | undefined {
  const nodes = new Map(parts.map((part) => [part.id, { ...part, children: [] as OutlineNode[] }]));
  let root: OutlineNode | undefined;
  for (const node of nodes.values()) {
    const parent = nodes.get(node.parentId);
    if (parent === undefined) root = node;
    else parent.children.push(node);
  }
  for (const node of nodes.values()) node.children.sort((a, b) => a.position - b.position);
  return root;
}

/** Where a new part goes among `count` others: where it was asked to, or last. */
export function newPosition(asked: number | undefined, count: number): number {
  if (count >= MAX_CHILDREN) {
    const detail = `There are ${count} parts already, and ${MAX_CHILDREN} is the limit.`;
    throw new Refusal('conflict', 'too-many-parts', detail);
  }
  return Math.min(asked ?? count + 1, count + 1);
}

/** Positions from `first` to `last` that move by one to make room and to close the gap. */
export interface Shift {
  first: number;
  last: number;
  by: 1 | -1;
}

/** What the others do when one part goes from one position to another; null: nothing. */
export function shiftFor(from: number, to: number): Shift | null {
  if (from === to) return null;
  return from < to ? { first: from + 1, last: to, by: -1 } : { first: to, last: from - 1, by: 1 };
}
