/** Scratch and staging: what both implementations share, and those of the twin, on the JavaScript heap. */
import { checkRange, checkVectors } from './check.js';
import type { Memory, Workspace } from './kernels.js';
import { StagedBlocks } from './stagedBlocks.js';

/** What a workspace has staged. */
export interface Staging extends Pick<Memory, 'stage' | 'stageCodes' | 'stageVectors'> {
  release(): void;
}

/** Columns where they are, and blocks as `blocks` has them. */
export function stagingOf(blocks: StagedBlocks): Staging {
  return {
    stage: (column, start, count) => column.subarray(start, start + count),
    stageCodes: (column, start, count) => column.subarray(start, start + count),
    stageVectors: (rows, start, count, dimension) => blocks.stage(rows, start, count, dimension),
    release: () => blocks.release(),
  };
}

/** Memory whose workspaces remember what was staged for as long as they are asked to, and no longer than they live. */
export function memoryOf(
  scratch: () => Pick<Workspace, 'float64' | 'release'>,
  forgetful: Staging,
  remembering: () => Staging,
): Memory {
  /** That of the workspace whose `remember` runs. It ends before anything else begins: there is one at most. */
  let current = forgetful;
  return {
    workspace() {
      const { float64, release } = scratch();
      let own: Staging | undefined;
      return {
        float64,
        remember(use) {
          const outer = current;
          own ??= remembering();
          current = own;
          try {
            return use();
          } finally {
            current = outer;
          }
        },
        release() {
          own?.release();
          own = undefined;
          release();
        },
      };
    },
    stage(column, start, count) {
      checkRange('column', column, start, count);
      return current.stage(column, start, count);
    },
    stageCodes(column, start, count) {
      checkRange('column', column, start, count);
      return current.stageCodes(column, start, count);
    },
    stageVectors(rows, start, count, dimension) {
      checkVectors(rows, start, count, dimension);
      return current.stageVectors(rows, start, count, dimension);
    },
  };
}

/** Memory on the JavaScript heap. Columns are used where they are; only blocks of vectors are worth remembering. */
export function heapMemory(): Memory {
  return memoryOf(
    () => ({ float64: (length) => new Float64Array(length), release: () => {} }),
    stagingOf(new StagedBlocks(false)),
    () => stagingOf(new StagedBlocks(true)),
  );
}
