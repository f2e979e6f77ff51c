export interface Guide {
  /** Before the line itself. */
  own: string;
  /** Before what stands below the line and above its children. */
  below: string;
}

/** The lines that join a tree, for depths in reading order. */
export function guidesOf(depths: readonly number[]): Guide[] {
  // From the end: whether a later line continues the branch at each depth.
  const open: boolean[] = [];
  return depths
    .toReversed()
    .map((depth) => {
      const trunks = Array.from({ length: Math.max(0, depth - 1) }, (_, level) =>
        open[level + 1] === true ? '│ ' : '  ',
      ).join('');
      const goesOn = open[depth] === true;
      const hasChild = open[depth + 1] === true;
      open.length = Math.min(open.length, depth + 1);
      open[depth] = true;
      const joint = depth === 0 ? '' : trunks + (goesOn ? '├ ' : '└ ');
      const passing = depth === 0 ? '' : trunks + (goesOn ? '│ ' : '  ');
      return { own: joint, below: `${passing}${hasChild ? '│' : ' '} ` };
    })
    .toReversed();
}
