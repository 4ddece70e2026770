/** The TypeScript implementation: the functions of twin/ as one object, and memory on the JavaScript heap. */
import type { Workspace } from './kernels.js';
import { RUN, STAGED_STRIDE } from './kernels.js';
import type { Memory } from './runKernels.js';
import { exp } from './twin/exp.js';
import { hmmBackward, hmmForward } from './twin/forwardBackward.js';
import { addGaussianLogDensity, gaussianLogDensity } from './twin/gaussian.js';
import {
  addBilinearLogDensity,
  addLinearLogDensity,
  bilinearLogDensity,
  linearLogDensity,
  multiply,
} from './twin/linear.js';
import { log } from './twin/log.js';
import { moments, sum, weightedMean, weightedMeans, weightedSum } from './twin/moments.js';
import { logEvidence, posterior, posteriorTotal } from './twin/softmax.js';
import { addGather, codesInRange, gather, histogram } from './twin/table.js';
import {
  addDiagonalGaussianLogDensity,
  addGaussianVectorLogDensity,
  diagonalGaussianLogDensity,
  diagonalMoments,
  gaussianVectorLogDensity,
  scatter,
} from './twin/vectors.js';

export const twinKernels = {
  addBilinearLogDensity,
  addDiagonalGaussianLogDensity,
  addGather,
  addGaussianLogDensity,
  addGaussianVectorLogDensity,
  addLinearLogDensity,
  bilinearLogDensity,
  codesInRange,
  diagonalGaussianLogDensity,
  diagonalMoments,
  exp,
  gather,
  gaussianLogDensity,
  gaussianVectorLogDensity,
  histogram,
  hmmBackward,
  hmmForward,
  linearLogDensity,
  log,
  logEvidence,
  moments,
  multiply,
  posterior,
  posteriorTotal,
  scatter,
  sum,
  weightedMean,
  weightedMeans,
  weightedSum,
};

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
    stage: (column, start, count) => column.subarray(start, start + count),
    stageCodes: (column, start, count) => column.subarray(start, start + count),
    stageVectors: (rows, start, count, dimension) => {
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
