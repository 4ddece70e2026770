/** What an implementation provides: the kernels for one run, with arguments already checked. */
import type { Kernels } from './kernels.js';
import type { twinKernels } from './twin.js';

/** Kernels that may be called on at most RUN rows; ranges and codes are known to be valid. */
export type RunKernels = typeof twinKernels;

/** Scratch and staging of an implementation. */
export type Memory = Pick<Kernels, 'workspace' | 'stage' | 'stageCodes' | 'stageVectors'>;

/** The kernels that see more than columns: blocks of vectors, mixtures, sequences. */
export type BlockKernelName =
  | 'diagonalGaussianLogDensity'
  | 'addDiagonalGaussianLogDensity'
  | 'gaussianVectorLogDensity'
  | 'addGaussianVectorLogDensity'
  | 'posterior'
  | 'posteriorTotal'
  | 'logEvidence'
  | 'diagonalMoments'
  | 'scatter'
  | 'hmmForward'
  | 'hmmBackward';

/** Kernels over blocks. */
export type BlockKernels = Pick<RunKernels, BlockKernelName>;

/** Kernels over one or two columns. */
export type ColumnKernels = Omit<RunKernels, BlockKernelName>;

/** Below this many rows the twin is faster than crossing into WebAssembly. */
export const SMALL = 16;
