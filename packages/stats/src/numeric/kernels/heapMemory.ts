/** Scratch and staging on the JavaScript heap. */
import { checkRange, checkVectors } from './check.js';
import type { Memory, Workspace } from './kernels.js';
import { RUN, STAGED_STRIDE } from './runs.js';

const heapWorkspace: Workspace = {
  float64: (length) => new Float64Array(length),
  release: () => {},
};

/** Writes rows [start, start + count) of a row-major matrix as columns at distance STAGED_STRIDE. */
export function transpose(
  rows: Float64Array,
  start: number,
  count: number,
  dimension: number,
  columns: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = (start + i) * dimension;
    for (let j = 0; j < dimension; j++) columns[j * STAGED_STRIDE + i] = rows[row + j]!;
  }
}

interface StagedVectors {
  rows: Float64Array | null;
  start: number;
  count: number;
  dimension: number;
  columns: Float64Array;
}

const BLOCKS = 4;

/** Memory on the JavaScript heap. */
export function heapMemory(): Memory {
  const blocks: StagedVectors[] = Array.from({ length: BLOCKS }, () => ({
    rows: null,
    start: 0,
    count: 0,
    dimension: 0,
    columns: new Float64Array(0),
  }));
  let next = 0;
  return {
    workspace: () => heapWorkspace,
    stage(column, start, count) {
      checkRange('column', column, start, count);
      return column.subarray(start, start + count);
    },
    stageCodes(column, start, count) {
      checkRange('column', column, start, count);
      return column.subarray(start, start + count);
    },
    stageVectors(rows, start, count, dimension) {
      checkVectors(rows, start, count, dimension);
      for (const block of blocks) {
        if (block.rows === rows && block.start === start && block.count === count && block.dimension === dimension) {
          return block.columns;
        }
      }
      const block = blocks[next]!;
      next = (next + 1) % BLOCKS;
      const length = dimension * STAGED_STRIDE;
      if (block.columns.length !== length) block.columns = new Float64Array(length);
      transpose(rows, start, Math.min(count, RUN), dimension, block.columns);
      Object.assign(block, { rows, start, count, dimension });
      return block.columns;
    },
  };
}
