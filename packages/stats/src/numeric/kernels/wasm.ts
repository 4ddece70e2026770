/** The WebAssembly implementation: finds addresses for the arguments and calls the module. */
import { Arena } from './arena.js';
import { Border, OUT, PARAMETERS, TABLE, TABLE_LENGTH, WEIGHTS, X, Y } from './border.js';
import { RUN } from './kernels.js';
import type { Memory, RunKernels } from './runKernels.js';
import { stagedMemory } from './stagedMemory.js';
import { COPIED_LEVELS } from './twin/table.js';
import { twinKernels } from './twin.js';
import { ARENA_START, type StartedModule } from './wasmModule.js';

/** Doubles of scratch: 128 hidden states, a scatter in 128 dimensions, a softmax of 4000 components. */
const SCRATCH = 73728;
const MOST_DIMENSIONS = 128;
const MOST_COMPONENTS = 4000;
const MOST_STATES = 128;

/** Binds the kernels to a started module. What does not fit its scratch goes to the twin, which gives the same bits. */
export function bindModule({ exports: wasm, buffer }: StartedModule): { kernels: RunKernels; memory: Memory } {
  const arena = new Arena(buffer, ARENA_START);
  const border = new Border(arena);
  const scratch = arena.float64(SCRATCH).byteOffset;
  const totals = arena.float64(RUN);
  const totalsAt = totals.byteOffset;

  /** Adds the first `count` totals to out. */
  function addTotals(count: number, out: Float64Array, outStart: number): void {
    for (let i = 0; i < count; i++) out[outStart + i]! += totals[i]!;
  }

  const kernels: RunKernels = {
    codesInRange(codes, start, count, levelCount) {
      return wasm.largestCode(border.readCodes(codes, start, count), count) >>> 0 < levelCount;
    },

    exp(x, xStart, count, out, outStart) {
      wasm.exp(border.read(x, xStart, count, X), count, border.write(out, outStart));
      border.wrote(out, outStart, count);
    },
    log(x, xStart, count, out, outStart) {
      wasm.log(border.read(x, xStart, count, X), count, border.write(out, outStart));
      border.wrote(out, outStart, count);
    },
    multiply(x, xStart, y, yStart, count, out, outStart) {
      const left = border.read(x, xStart, count, X);
      wasm.multiply(left, border.read(y, yStart, count, Y), count, border.write(out, outStart));
      border.wrote(out, outStart, count);
    },

    gaussianLogDensity(x, xStart, count, mu, halfPrecision, logNorm, out, outStart) {
      const from = border.read(x, xStart, count, X);
      wasm.gaussianLogDensity(from, count, mu, halfPrecision, logNorm, border.write(out, outStart));
      border.wrote(out, outStart, count);
    },
    addGaussianLogDensity(x, xStart, count, mu, halfPrecision, logNorm, out, outStart) {
      const from = border.read(x, xStart, count, X);
      const to = border.read(out, outStart, count, OUT);
      wasm.addGaussianLogDensity(from, count, mu, halfPrecision, logNorm, to);
      border.wrote(out, outStart, count);
    },

    linearLogDensity(x, xStart, count, slope, intercept, out, outStart) {
      const from = border.read(x, xStart, count, X);
      wasm.linearLogDensity(from, count, slope, intercept, border.write(out, outStart));
      border.wrote(out, outStart, count);
    },
    addLinearLogDensity(x, xStart, count, slope, intercept, out, outStart) {
      const from = border.read(x, xStart, count, X);
      wasm.addLinearLogDensity(from, count, slope, intercept, border.read(out, outStart, count, OUT));
      border.wrote(out, outStart, count);
    },
    bilinearLogDensity(x, xStart, y, yStart, count, slopeX, slopeY, intercept, out, outStart) {
      const left = border.read(x, xStart, count, X);
      const right = border.read(y, yStart, count, Y);
      wasm.bilinearLogDensity(left, right, count, slopeX, slopeY, intercept, border.write(out, outStart));
      border.wrote(out, outStart, count);
    },
    addBilinearLogDensity(x, xStart, y, yStart, count, slopeX, slopeY, intercept, out, outStart) {
      const left = border.read(x, xStart, count, X);
      const right = border.read(y, yStart, count, Y);
      const to = border.read(out, outStart, count, OUT);
      wasm.addBilinearLogDensity(left, right, count, slopeX, slopeY, intercept, to);
      border.wrote(out, outStart, count);
    },

    gather(table, tableStart, levelCount, codes, codesStart, count, out, outStart) {
      if (levelCount > TABLE_LENGTH) {
        return twinKernels.gather(table, tableStart, levelCount, codes, codesStart, count, out, outStart);
      }
      const from = border.read(table, tableStart, levelCount, TABLE);
      wasm.gather(from, border.readCodes(codes, codesStart, count), count, border.write(out, outStart));
      border.wrote(out, outStart, count);
    },
    addGather(table, tableStart, levelCount, codes, codesStart, count, out, outStart) {
      if (levelCount > TABLE_LENGTH) {
        return twinKernels.addGather(table, tableStart, levelCount, codes, codesStart, count, out, outStart);
      }
      const from = border.read(table, tableStart, levelCount, TABLE);
      const at = border.readCodes(codes, codesStart, count);
      wasm.addGather(from, at, count, border.read(out, outStart, count, OUT));
      border.wrote(out, outStart, count);
    },

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

    sum: (x, xStart, count) => wasm.sum(border.read(x, xStart, count, X), count),
    weightedSum(x, xStart, weights, weightsStart, count) {
      const from = border.read(x, xStart, count, X);
      return wasm.weightedSum(from, border.read(weights, weightsStart, count, WEIGHTS), count);
    },
    weightedMean(x, xStart, weights, weightsStart, count, out, outStart) {
      const from = border.read(x, xStart, count, X);
      wasm.weightedMean(from, border.read(weights, weightsStart, count, WEIGHTS), count, totalsAt);
      addTotals(2, out, outStart);
    },
    weightedMeans(x, xStart, y, yStart, weights, weightsStart, count, out, outStart) {
      const left = border.read(x, xStart, count, X);
      const right = border.read(y, yStart, count, Y);
      wasm.weightedMeans(left, right, border.read(weights, weightsStart, count, WEIGHTS), count, totalsAt);
      addTotals(3, out, outStart);
    },
    moments(x, xStart, weights, weightsStart, count, origin, out, outStart) {
      const from = border.read(x, xStart, count, X);
      wasm.moments(from, border.read(weights, weightsStart, count, WEIGHTS), count, origin, totalsAt);
      addTotals(3, out, outStart);
    },
    histogram(codes, codesStart, weights, weightsStart, count, levelCount, out, outStart) {
      if (levelCount > COPIED_LEVELS) {
        return twinKernels.histogram(codes, codesStart, weights, weightsStart, count, levelCount, out, outStart);
      }
      const at = border.readCodes(codes, codesStart, count);
      const from = border.read(weights, weightsStart, count, WEIGHTS);
      wasm.histogram(at, from, count, levelCount, scratch, totalsAt);
      addTotals(levelCount, out, outStart);
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
  return { kernels, memory: stagedMemory(arena, wasm) };
}
