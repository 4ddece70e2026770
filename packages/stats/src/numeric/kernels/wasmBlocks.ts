/** Kernels over blocks in WebAssembly. What does not fit the scratch goes to the twin, which gives the same bits. */
import type { Arena } from './arena.js';
import { type Border, OUT, PARAMETERS, TABLE, TABLE_LENGTH, WEIGHTS, Y } from './border.js';
import { RUN } from './kernels.js';
import type { BlockKernels } from './runKernels.js';
import { twinKernels } from './twin.js';
import type { WasmExports } from './wasmModule.js';

/** Doubles of scratch: 128 hidden states, a scatter in 128 dimensions, a softmax of 4000 components. */
const SCRATCH = 73728;
const MOST_DIMENSIONS = 128;
const MOST_COMPONENTS = 4000;
const MOST_STATES = 128;

export function wasmBlocks(wasm: WasmExports, border: Border, arena: Arena): BlockKernels {
  const scratch = arena.float64(SCRATCH).byteOffset;
  const componentTotals = arena.float64(MOST_COMPONENTS);
  return {
    posterior(
      matrix,
      start,
      stride,
      componentCount,
      count,
      logWeights,
      weights,
      weightsStart,
      evidence,
      evidenceStart,
    ) {
      if (!border.isInside(matrix) || componentCount > MOST_COMPONENTS) {
        return twinKernels.posterior(
          matrix,
          start,
          stride,
          componentCount,
          count,
          logWeights,
          weights,
          weightsStart,
          evidence,
          evidenceStart,
        );
      }
      wasm.posterior(
        matrix.byteOffset + 8 * start,
        8 * stride,
        componentCount,
        count,
        border.read(logWeights, 0, componentCount, PARAMETERS),
        weights === null ? 0 : border.read(weights, weightsStart, count, WEIGHTS),
        border.write(evidence, evidenceStart),
        scratch,
      );
      border.wrote(evidence, evidenceStart, count);
    },
    posteriorTotal(matrix, start, stride, componentCount, count, logWeights, totals, totalsStart) {
      if (!border.isInside(matrix) || componentCount > MOST_COMPONENTS) {
        return twinKernels.posteriorTotal(
          matrix,
          start,
          stride,
          componentCount,
          count,
          logWeights,
          totals,
          totalsStart,
        );
      }
      const evidence = wasm.posteriorTotal(
        matrix.byteOffset + 8 * start,
        8 * stride,
        componentCount,
        count,
        border.read(logWeights, 0, componentCount, PARAMETERS),
        componentTotals.byteOffset,
        scratch,
      );
      for (let k = 0; k < componentCount; k++) totals[totalsStart + k]! += componentTotals[k]!;
      return evidence;
    },
    logEvidence(matrix, start, stride, componentCount, count, logWeights, evidence, evidenceStart) {
      if (!border.isInside(matrix) || componentCount > MOST_COMPONENTS) {
        return twinKernels.logEvidence(
          matrix,
          start,
          stride,
          componentCount,
          count,
          logWeights,
          evidence,
          evidenceStart,
        );
      }
      wasm.logEvidence(
        matrix.byteOffset + 8 * start,
        8 * stride,
        componentCount,
        count,
        border.read(logWeights, 0, componentCount, PARAMETERS),
        border.write(evidence, evidenceStart),
        scratch,
      );
      border.wrote(evidence, evidenceStart, count);
    },
    diagonalGaussianLogDensity(block, start, stride, dimension, count, mu, halfPrecision, logNorm, out, outStart) {
      if (!border.isInside(block) || dimension > TABLE_LENGTH) {
        return twinKernels.diagonalGaussianLogDensity(
          block,
          start,
          stride,
          dimension,
          count,
          mu,
          halfPrecision,
          logNorm,
          out,
          outStart,
        );
      }
      wasm.diagonalGaussianLogDensity(
        block.byteOffset + 8 * start,
        8 * stride,
        dimension,
        count,
        border.read(mu, 0, dimension, TABLE),
        border.read(halfPrecision, 0, dimension, PARAMETERS),
        logNorm,
        border.write(out, outStart),
        false,
      );
      border.wrote(out, outStart, count);
    },
    addDiagonalGaussianLogDensity(block, start, stride, dimension, count, mu, halfPrecision, logNorm, out, outStart) {
      if (!border.isInside(block) || dimension > TABLE_LENGTH) {
        return twinKernels.addDiagonalGaussianLogDensity(
          block,
          start,
          stride,
          dimension,
          count,
          mu,
          halfPrecision,
          logNorm,
          out,
          outStart,
        );
      }
      wasm.diagonalGaussianLogDensity(
        block.byteOffset + 8 * start,
        8 * stride,
        dimension,
        count,
        border.read(mu, 0, dimension, TABLE),
        border.read(halfPrecision, 0, dimension, PARAMETERS),
        logNorm,
        border.read(out, outStart, count, OUT),
        true,
      );
      border.wrote(out, outStart, count);
    },
    gaussianVectorLogDensity(block, start, stride, dimension, count, mu, inverseFactor, logNorm, out, outStart) {
      if (!border.isInside(block) || dimension > MOST_DIMENSIONS) {
        return twinKernels.gaussianVectorLogDensity(
          block,
          start,
          stride,
          dimension,
          count,
          mu,
          inverseFactor,
          logNorm,
          out,
          outStart,
        );
      }
      wasm.gaussianVectorLogDensity(
        block.byteOffset + 8 * start,
        8 * stride,
        dimension,
        count,
        border.read(mu, 0, dimension, PARAMETERS),
        border.read(inverseFactor, 0, dimension * dimension, TABLE),
        logNorm,
        border.write(out, outStart),
        false,
        scratch,
      );
      border.wrote(out, outStart, count);
    },
    addGaussianVectorLogDensity(block, start, stride, dimension, count, mu, inverseFactor, logNorm, out, outStart) {
      if (!border.isInside(block) || dimension > MOST_DIMENSIONS) {
        return twinKernels.addGaussianVectorLogDensity(
          block,
          start,
          stride,
          dimension,
          count,
          mu,
          inverseFactor,
          logNorm,
          out,
          outStart,
        );
      }
      wasm.gaussianVectorLogDensity(
        block.byteOffset + 8 * start,
        8 * stride,
        dimension,
        count,
        border.read(mu, 0, dimension, PARAMETERS),
        border.read(inverseFactor, 0, dimension * dimension, TABLE),
        logNorm,
        border.read(out, outStart, count, OUT),
        true,
        scratch,
      );
      border.wrote(out, outStart, count);
    },
    diagonalMoments(block, start, stride, dimension, count, weights, weightsStart, origin, out, outStart) {
      const length = 1 + 2 * dimension;
      if (!border.isInside(block) || length > TABLE_LENGTH) {
        return twinKernels.diagonalMoments(
          block,
          start,
          stride,
          dimension,
          count,
          weights,
          weightsStart,
          origin,
          out,
          outStart,
        );
      }
      const sums = border.read(out, outStart, length, TABLE);
      wasm.diagonalMoments(
        block.byteOffset + 8 * start,
        8 * stride,
        dimension,
        count,
        border.read(weights, weightsStart, count, WEIGHTS),
        border.read(origin, 0, dimension, PARAMETERS),
        sums,
      );
      border.returned(out, outStart, length, TABLE);
    },
    scatter(block, start, stride, dimension, count, weights, weightsStart, origin, out, outStart) {
      if (!border.isInside(block) || dimension > MOST_DIMENSIONS) {
        return twinKernels.scatter(
          block,
          start,
          stride,
          dimension,
          count,
          weights,
          weightsStart,
          origin,
          out,
          outStart,
        );
      }
      const length = 1 + dimension + (dimension * (dimension + 1)) / 2;
      const sums = border.read(out, outStart, length, TABLE);
      wasm.scatter(
        block.byteOffset + 8 * start,
        8 * stride,
        dimension,
        count,
        border.read(weights, weightsStart, count, WEIGHTS),
        border.read(origin, 0, dimension, PARAMETERS),
        sums,
        scratch,
      );
      border.returned(out, outStart, length, TABLE);
    },
    hmmForward(
      emission,
      start,
      stride,
      stateCount,
      offsets,
      sequenceStart,
      sequenceCount,
      initial,
      transition,
      forward,
      scale,
      evidence,
      evidenceStart,
    ) {
      const inside = border.isInside(emission) && border.isInside(forward) && border.isInside(scale);
      if (!inside || stateCount > MOST_STATES || sequenceCount >= RUN) {
        return twinKernels.hmmForward(
          emission,
          start,
          stride,
          stateCount,
          offsets,
          sequenceStart,
          sequenceCount,
          initial,
          transition,
          forward,
          scale,
          evidence,
          evidenceStart,
        );
      }
      wasm.hmmForward(
        emission.byteOffset + 8 * start,
        8 * stride,
        stateCount,
        border.readCodes(offsets, sequenceStart, sequenceCount + 1),
        sequenceCount,
        border.read(initial, 0, stateCount, Y),
        border.read(transition, 0, stateCount * stateCount, TABLE),
        forward.byteOffset,
        scale.byteOffset,
        border.write(evidence, evidenceStart),
        scratch,
      );
      border.wrote(evidence, evidenceStart, sequenceCount);
    },
    hmmBackward(
      emission,
      start,
      stride,
      stateCount,
      offsets,
      sequenceStart,
      sequenceCount,
      transition,
      forward,
      scale,
      weights,
      weightsStart,
      initialSum,
      transitionSum,
    ) {
      const inside = border.isInside(emission) && border.isInside(forward) && border.isInside(scale);
      if (!inside || stateCount > MOST_STATES || sequenceCount >= RUN) {
        return twinKernels.hmmBackward(
          emission,
          start,
          stride,
          stateCount,
          offsets,
          sequenceStart,
          sequenceCount,
          transition,
          forward,
          scale,
          weights,
          weightsStart,
          initialSum,
          transitionSum,
        );
      }
      const square = stateCount * stateCount;
      wasm.hmmBackward(
        emission.byteOffset + 8 * start,
        8 * stride,
        stateCount,
        border.readCodes(offsets, sequenceStart, sequenceCount + 1),
        sequenceCount,
        border.read(transition, 0, square, TABLE),
        forward.byteOffset,
        scale.byteOffset,
        weights === null ? 0 : border.read(weights, weightsStart, sequenceCount, WEIGHTS),
        border.read(initialSum, 0, stateCount, OUT),
        border.read(transitionSum, 0, square, PARAMETERS),
        scratch,
      );
      border.returned(initialSum, 0, stateCount, OUT);
      border.returned(transitionSum, 0, square, PARAMETERS);
    },
  };
}
