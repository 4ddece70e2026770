/**
 * Rows of vectors by which of their coordinates are there: those of one block that have the same gaps are scored and summed together,
 * as vectors of the coordinates that they have.
 */
import type { VectorColumns } from './vectors.js';

/** Rows of a block with the same gaps. */
export interface GapGroup {
  /** The coordinates that are there: not all, and at least one. */
  readonly present: Int32Array;
  /** Ascending. */
  readonly rows: Int32Array;
  /** Only the coordinates that are there. */
  readonly columns: VectorColumns;
}

/** The blocks that were asked for, by start. */
type Blocks = Map<number, { readonly end: number; readonly groups: readonly GapGroup[] }>;

const known = /* @__PURE__ */ new WeakMap<VectorColumns, Blocks>();

/**
 * Rows `[start, end)` that have some coordinates and lack others, by gaps. In the order of their first rows, which is the same in
 * whatever part of the data the block lies. Components and iterations ask for the same ones: they are kept as long as the columns
 * hold what they held.
 */
export function gapGroups(columns: VectorColumns, start: number, end: number): readonly GapGroup[] {
  let blocks = known.get(columns);
  if (blocks === undefined) {
    blocks = new Map();
    known.set(columns, blocks);
  }
  const block = blocks.get(start);
  if (block?.end === end && areStill(columns, start, end, block.groups)) return block.groups;
  const groups = groupsOf(columns, start, end);
  blocks.set(start, { end, groups });
  return groups;
}

function hasSome({ observed, dimension }: VectorColumns, row: number): boolean {
  return observed![row] !== dimension && observed![row] !== 0;
}

function groupsOf(columns: VectorColumns, start: number, end: number): GapGroup[] {
  const { x, dimension: d } = columns;
  const groups = new Map<string, { readonly present: Int32Array; readonly rows: number[] }>();
  const isThere = new Array<string>(d);
  for (let row = start; row < end; row++) {
    if (!hasSome(columns, row)) continue;
    for (let j = 0; j < d; j++) isThere[j] = Number.isNaN(x[row * d + j]!) ? '0' : '1';
    const name = isThere.join('');
    const group = groups.get(name);
    if (group !== undefined) group.rows.push(row);
    else
      groups.set(name, {
        present: Int32Array.from([...isThere.keys()].filter((j) => isThere[j] === '1')),
        rows: [row],
      });
  }
  return Array.from(groups.values(), ({ present, rows }) => {
    const width = present.length;
    const entries = new Float64Array(rows.length * width);
    for (let i = 0; i < rows.length; i++) {
      for (let k = 0; k < width; k++) entries[i * width + k] = x[rows[i]! * d + present[k]!]!;
    }
    return { present, rows: Int32Array.from(rows), columns: { rowCount: rows.length, dimension: width, x: entries } };
  });
}

/** Whether the columns hold the same numbers and gaps as when the groups were made: arrays may be filled again between two passes. */
function areStill(columns: VectorColumns, start: number, end: number, groups: readonly GapGroup[]): boolean {
  const { x, dimension: d } = columns;
  let count = 0;
  for (let row = start; row < end; row++) if (hasSome(columns, row)) count++;
  for (const { present, rows, columns: own } of groups) {
    const width = present.length;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (columns.observed![row] !== width) return false;
      for (let k = 0; k < width; k++) if (x[row * d + present[k]!] !== own.x[i * width + k]) return false;
    }
    count -= rows.length;
  }
  return count === 0;
}
