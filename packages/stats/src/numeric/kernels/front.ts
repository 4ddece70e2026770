/** The public face of an implementation: checks ranges, cuts rows into runs, and calls the kernels of one run. */
import { checkRange } from './check.js';
import { frontBlocks } from './frontBlocks.js';
import { frontColumns } from './frontColumns.js';
import { type Kernels, RUN } from './kernels.js';
import type { Memory, RunKernels } from './runKernels.js';

/** Wraps the kernels of one run into kernels for any number of rows. */
export function frontOf(kind: Kernels['kind'], fast: RunKernels, memory: Memory): Kernels {
  return {
    kind,
    workspace: memory.workspace,
    stage(column, start, count) {
      checkRange('column', column, start, count);
      return memory.stage(column, start, count);
    },
    stageCodes(column, start, count) {
      checkRange('column', column, start, count);
      return memory.stageCodes(column, start, count);
    },
    stageVectors(rows, start, count, dimension) {
      checkRange('rows', rows, start * dimension, count * dimension);
      if (count > RUN) throw new RangeError(`kernel argument count: at most ${RUN} rows are staged, found ${count}.`);
      return memory.stageVectors(rows, start, count, dimension);
    },
    ...frontColumns(fast),
    ...frontBlocks(fast),
  };
}
