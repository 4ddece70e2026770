/** The public face of an implementation: checks ranges, cuts rows into runs, and calls the kernels of one run. */
import { checkBlock, checkCount, checkOffsets, checkRange } from './check.js';
import { type Kernels, RUN } from './kernels.js';
import type { Memory, RunKernels } from './runKernels.js';
import { twinKernels } from './twin.js';

/** Below this many rows the twin is faster than crossing into WebAssembly. */
const SMALL = 16;

function checkCodes(core: RunKernels, codes: Int32Array, start: number, count: number, levelCount: number): void {
  if (core.codesInRange(codes, start, count, levelCount)) return;
  for (let i = start; i < start + count; i++) {
    const code = codes[i]!;
    if (code >= 0 && code < levelCount) continue;
    throw new RangeError(`kernel argument codes: entry ${i} must be in 0 … ${levelCount - 1}, found ${code}.`);
  }
}

/** Wraps the kernels of one run into kernels for any number of rows. */
export function frontOf(kind: Kernels['kind'], fast: RunKernels, memory: Memory): Kernels {
  const coreFor = (count: number): RunKernels => (count < SMALL ? twinKernels : fast);
  return {
    kind,
    ...memory,
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

    exp(x, xStart, count, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.exp(x, xStart + done, rows, out, outStart + done);
      }
    },
    log(x, xStart, count, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.log(x, xStart + done, rows, out, outStart + done);
      }
    },
    multiply(x, xStart, y, yStart, count, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('y', y, yStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.multiply(x, xStart + done, y, yStart + done, rows, out, outStart + done);
      }
    },
    gaussianLogDensity(x, xStart, count, mu, halfPrecision, logNorm, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.gaussianLogDensity(x, xStart + done, rows, mu, halfPrecision, logNorm, out, outStart + done);
      }
    },
    addGaussianLogDensity(x, xStart, count, mu, halfPrecision, logNorm, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addGaussianLogDensity(x, xStart + done, rows, mu, halfPrecision, logNorm, out, outStart + done);
      }
    },
    linearLogDensity(x, xStart, count, slope, intercept, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.linearLogDensity(x, xStart + done, rows, slope, intercept, out, outStart + done);
      }
    },
    addLinearLogDensity(x, xStart, count, slope, intercept, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addLinearLogDensity(x, xStart + done, rows, slope, intercept, out, outStart + done);
      }
    },
    bilinearLogDensity(x, xStart, y, yStart, count, slopeX, slopeY, intercept, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('y', y, yStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.bilinearLogDensity(
          x,
          xStart + done,
          y,
          yStart + done,
          rows,
          slopeX,
          slopeY,
          intercept,
          out,
          outStart + done,
        );
      }
    },
    addBilinearLogDensity(x, xStart, y, yStart, count, slopeX, slopeY, intercept, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('y', y, yStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addBilinearLogDensity(
          x,
          xStart + done,
          y,
          yStart + done,
          rows,
          slopeX,
          slopeY,
          intercept,
          out,
          outStart + done,
        );
      }
    },
    gather(table, tableStart, levelCount, codes, codesStart, count, out, outStart) {
      checkCount(count);
      checkRange('table', table, tableStart, levelCount);
      checkRange('codes', codes, codesStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        checkCodes(core, codes, codesStart + done, rows, levelCount);
        core.gather(table, tableStart, levelCount, codes, codesStart + done, rows, out, outStart + done);
      }
    },
    addGather(table, tableStart, levelCount, codes, codesStart, count, out, outStart) {
      checkCount(count);
      checkRange('table', table, tableStart, levelCount);
      checkRange('codes', codes, codesStart, count);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        checkCodes(core, codes, codesStart + done, rows, levelCount);
        core.addGather(table, tableStart, levelCount, codes, codesStart + done, rows, out, outStart + done);
      }
    },
    diagonalGaussianLogDensity(block, blockStart, stride, dimension, count, mu, halfPrecision, logNorm, out, outStart) {
      checkCount(count);
      checkBlock('block', block, blockStart, stride, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('halfPrecision', halfPrecision, 0, dimension);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.diagonalGaussianLogDensity(
          block,
          blockStart + done,
          stride,
          dimension,
          rows,
          mu,
          halfPrecision,
          logNorm,
          out,
          outStart + done,
        );
      }
    },
    addDiagonalGaussianLogDensity(
      block,
      blockStart,
      stride,
      dimension,
      count,
      mu,
      halfPrecision,
      logNorm,
      out,
      outStart,
    ) {
      checkCount(count);
      checkBlock('block', block, blockStart, stride, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('halfPrecision', halfPrecision, 0, dimension);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addDiagonalGaussianLogDensity(
          block,
          blockStart + done,
          stride,
          dimension,
          rows,
          mu,
          halfPrecision,
          logNorm,
          out,
          outStart + done,
        );
      }
    },
    gaussianVectorLogDensity(block, blockStart, stride, dimension, count, mu, inverseFactor, logNorm, out, outStart) {
      checkCount(count);
      checkBlock('block', block, blockStart, stride, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('inverseFactor', inverseFactor, 0, dimension * dimension);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.gaussianVectorLogDensity(
          block,
          blockStart + done,
          stride,
          dimension,
          rows,
          mu,
          inverseFactor,
          logNorm,
          out,
          outStart + done,
        );
      }
    },
    addGaussianVectorLogDensity(
      block,
      blockStart,
      stride,
      dimension,
      count,
      mu,
      inverseFactor,
      logNorm,
      out,
      outStart,
    ) {
      checkCount(count);
      checkBlock('block', block, blockStart, stride, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('inverseFactor', inverseFactor, 0, dimension * dimension);
      checkRange('out', out, outStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addGaussianVectorLogDensity(
          block,
          blockStart + done,
          stride,
          dimension,
          rows,
          mu,
          inverseFactor,
          logNorm,
          out,
          outStart + done,
        );
      }
    },
    posterior(
      logDensity,
      start,
      stride,
      componentCount,
      count,
      logWeights,
      rowWeights,
      rowWeightsStart,
      evidence,
      evidenceStart,
    ) {
      checkCount(count);
      checkBlock('logDensity', logDensity, start, stride, componentCount, count);
      checkRange('logWeights', logWeights, 0, componentCount);
      if (rowWeights !== null) checkRange('rowWeights', rowWeights, rowWeightsStart, count);
      checkRange('evidence', evidence, evidenceStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.posterior(
          logDensity,
          start + done,
          stride,
          componentCount,
          rows,
          logWeights,
          rowWeights,
          rowWeightsStart + done,
          evidence,
          evidenceStart + done,
        );
      }
    },
    logEvidence(logDensity, start, stride, componentCount, count, logWeights, evidence, evidenceStart) {
      checkCount(count);
      checkBlock('logDensity', logDensity, start, stride, componentCount, count);
      checkRange('logWeights', logWeights, 0, componentCount);
      checkRange('evidence', evidence, evidenceStart, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.logEvidence(
          logDensity,
          start + done,
          stride,
          componentCount,
          rows,
          logWeights,
          evidence,
          evidenceStart + done,
        );
      }
    },
    sum(x, xStart, count) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      const core = coreFor(count);
      let total = 0;
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        total += core.sum(x, xStart + done, rows);
      }
      return total;
    },
    weightedSum(x, xStart, weights, weightsStart, count) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('weights', weights, weightsStart, count);
      const core = coreFor(count);
      let total = 0;
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        total += core.weightedSum(x, xStart + done, weights, weightsStart + done, rows);
      }
      return total;
    },
    weightedMean(x, xStart, weights, weightsStart, count, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('weights', weights, weightsStart, count);
      checkRange('out', out, outStart, 2);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.weightedMean(x, xStart + done, weights, weightsStart + done, rows, out, outStart);
      }
    },
    weightedMeans(x, xStart, y, yStart, weights, weightsStart, count, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('y', y, yStart, count);
      checkRange('weights', weights, weightsStart, count);
      checkRange('out', out, outStart, 3);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.weightedMeans(x, xStart + done, y, yStart + done, weights, weightsStart + done, rows, out, outStart);
      }
    },
    moments(x, xStart, weights, weightsStart, count, origin, out, outStart) {
      checkCount(count);
      checkRange('x', x, xStart, count);
      checkRange('weights', weights, weightsStart, count);
      checkRange('out', out, outStart, 3);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.moments(x, xStart + done, weights, weightsStart + done, rows, origin, out, outStart);
      }
    },
    histogram(codes, codesStart, weights, weightsStart, count, levelCount, out, outStart) {
      checkCount(count);
      checkRange('codes', codes, codesStart, count);
      checkRange('weights', weights, weightsStart, count);
      checkRange('out', out, outStart, levelCount);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        checkCodes(core, codes, codesStart + done, rows, levelCount);
        core.histogram(codes, codesStart + done, weights, weightsStart + done, rows, levelCount, out, outStart);
      }
    },
    diagonalMoments(block, blockStart, stride, dimension, count, weights, weightsStart, origin, out, outStart) {
      checkCount(count);
      checkBlock('block', block, blockStart, stride, dimension, count);
      checkRange('weights', weights, weightsStart, count);
      checkRange('origin', origin, 0, dimension);
      checkRange('out', out, outStart, 1 + 2 * dimension);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.diagonalMoments(
          block,
          blockStart + done,
          stride,
          dimension,
          rows,
          weights,
          weightsStart + done,
          origin,
          out,
          outStart,
        );
      }
    },
    scatter(block, blockStart, stride, dimension, count, weights, weightsStart, origin, out, outStart) {
      checkCount(count);
      checkBlock('block', block, blockStart, stride, dimension, count);
      checkRange('weights', weights, weightsStart, count);
      checkRange('origin', origin, 0, dimension);
      checkRange('out', out, outStart, 1 + dimension + (dimension * (dimension + 1)) / 2);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.scatter(
          block,
          blockStart + done,
          stride,
          dimension,
          rows,
          weights,
          weightsStart + done,
          origin,
          out,
          outStart,
        );
      }
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
      const length = checkOffsets(offsets, sequenceStart, sequenceCount);
      checkBlock('emission', emission, start, stride, stateCount, length);
      checkBlock('forward', forward, 0, stride, stateCount, length);
      checkBlock('scale', scale, 0, stride, 2, length);
      checkRange('initial', initial, 0, stateCount);
      checkRange('transition', transition, 0, stateCount * stateCount);
      checkRange('evidence', evidence, evidenceStart, sequenceCount);
      coreFor(length).hmmForward(
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
      sequenceWeights,
      sequenceWeightsStart,
      initialSum,
      transitionSum,
    ) {
      const length = checkOffsets(offsets, sequenceStart, sequenceCount);
      checkBlock('emission', emission, start, stride, stateCount, length);
      checkBlock('forward', forward, 0, stride, stateCount, length);
      checkBlock('scale', scale, 0, stride, 2, length);
      checkRange('transition', transition, 0, stateCount * stateCount);
      if (sequenceWeights !== null) {
        checkRange('sequenceWeights', sequenceWeights, sequenceWeightsStart, sequenceCount);
      }
      checkRange('initialSum', initialSum, 0, stateCount);
      checkRange('transitionSum', transitionSum, 0, stateCount * stateCount);
      coreFor(length).hmmBackward(
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
        sequenceWeights,
        sequenceWeightsStart,
        initialSum,
        transitionSum,
      );
    },
  };
}
