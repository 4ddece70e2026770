/** Checked kernels over blocks of vectors, mixtures and sequences, for any number of rows. */
import { checkBlock, checkCount, checkOffsets, checkRange } from './check.js';
import { type Kernels, RUN, STAGED_STRIDE } from './kernels.js';
import { type BlockKernelName, type BlockKernels, SMALL } from './runKernels.js';
import { twinKernels } from './twin.js';

export function frontBlocks(fast: BlockKernels): Pick<Kernels, BlockKernelName> {
  const coreFor = (count: number): BlockKernels => (count < SMALL ? twinKernels : fast);
  return {
    diagonalGaussianLogDensity(block, dimension, count, mu, halfPrecision, logNorm, out) {
      checkCount(count);
      checkBlock('block', block, 0, STAGED_STRIDE, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('halfPrecision', halfPrecision, 0, dimension);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.diagonalGaussianLogDensity(
          block,
          done,
          STAGED_STRIDE,
          dimension,
          rows,
          mu,
          halfPrecision,
          logNorm,
          out,
          done,
        );
      }
    },
    addDiagonalGaussianLogDensity(block, dimension, count, mu, halfPrecision, logNorm, out) {
      checkCount(count);
      checkBlock('block', block, 0, STAGED_STRIDE, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('halfPrecision', halfPrecision, 0, dimension);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addDiagonalGaussianLogDensity(
          block,
          done,
          STAGED_STRIDE,
          dimension,
          rows,
          mu,
          halfPrecision,
          logNorm,
          out,
          done,
        );
      }
    },
    gaussianVectorLogDensity(block, dimension, count, mu, inverseFactor, logNorm, out) {
      checkCount(count);
      checkBlock('block', block, 0, STAGED_STRIDE, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('inverseFactor', inverseFactor, 0, dimension * dimension);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.gaussianVectorLogDensity(
          block,
          done,
          STAGED_STRIDE,
          dimension,
          rows,
          mu,
          inverseFactor,
          logNorm,
          out,
          done,
        );
      }
    },
    addGaussianVectorLogDensity(block, dimension, count, mu, inverseFactor, logNorm, out) {
      checkCount(count);
      checkBlock('block', block, 0, STAGED_STRIDE, dimension, count);
      checkRange('mu', mu, 0, dimension);
      checkRange('inverseFactor', inverseFactor, 0, dimension * dimension);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addGaussianVectorLogDensity(
          block,
          done,
          STAGED_STRIDE,
          dimension,
          rows,
          mu,
          inverseFactor,
          logNorm,
          out,
          done,
        );
      }
    },
    posterior(logDensity, stride, componentCount, count, logWeights, evidence) {
      checkCount(count);
      checkBlock('logDensity', logDensity, 0, stride, componentCount, count);
      checkRange('logWeights', logWeights, 0, componentCount);
      checkRange('evidence', evidence, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.posterior(logDensity, done, stride, componentCount, rows, logWeights, null, done, evidence, done);
      }
    },
    posteriorTotal(logDensity, stride, componentCount, count, logWeights, totals) {
      checkCount(count);
      checkBlock('logDensity', logDensity, 0, stride, componentCount, count);
      checkRange('logWeights', logWeights, 0, componentCount);
      checkRange('totals', totals, 0, componentCount);
      const core = coreFor(count);
      let total = 0;
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        total += core.posteriorTotal(logDensity, done, stride, componentCount, rows, logWeights, totals, 0);
      }
      return total;
    },
    logEvidence(logDensity, stride, componentCount, count, logWeights, evidence) {
      checkCount(count);
      checkBlock('logDensity', logDensity, 0, stride, componentCount, count);
      checkRange('logWeights', logWeights, 0, componentCount);
      checkRange('evidence', evidence, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.logEvidence(logDensity, done, stride, componentCount, rows, logWeights, evidence, done);
      }
    },
    diagonalMoments(block, dimension, count, weights, origin, out) {
      checkCount(count);
      checkBlock('block', block, 0, STAGED_STRIDE, dimension, count);
      checkRange('weights', weights, 0, count);
      checkRange('origin', origin, 0, dimension);
      checkRange('out', out, 0, 1 + 2 * dimension);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.diagonalMoments(block, done, STAGED_STRIDE, dimension, rows, weights, done, origin, out, 0);
      }
    },
    scatter(block, dimension, count, weights, origin, out) {
      checkCount(count);
      checkBlock('block', block, 0, STAGED_STRIDE, dimension, count);
      checkRange('weights', weights, 0, count);
      checkRange('origin', origin, 0, dimension);
      checkRange('out', out, 0, 1 + dimension + (dimension * (dimension + 1)) / 2);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.scatter(block, done, STAGED_STRIDE, dimension, rows, weights, done, origin, out, 0);
      }
    },
    hmmForward(emission, stride, stateCount, offsets, sequenceCount, initial, transition, forward, scale, evidence) {
      const length = checkOffsets(offsets, 0, sequenceCount);
      checkBlock('emission', emission, 0, stride, stateCount, length);
      checkBlock('forward', forward, 0, stride, stateCount, length);
      checkBlock('scale', scale, 0, stride, 2, length);
      checkRange('initial', initial, 0, stateCount);
      checkRange('transition', transition, 0, stateCount * stateCount);
      checkRange('evidence', evidence, 0, sequenceCount);
      coreFor(length).hmmForward(
        emission,
        0,
        stride,
        stateCount,
        offsets,
        0,
        sequenceCount,
        initial,
        transition,
        forward,
        scale,
        evidence,
        0,
      );
    },
    hmmBackward(
      emission,
      stride,
      stateCount,
      offsets,
      sequenceCount,
      transition,
      forward,
      scale,
      sequenceWeights,
      initialSum,
      transitionSum,
    ) {
      const length = checkOffsets(offsets, 0, sequenceCount);
      checkBlock('emission', emission, 0, stride, stateCount, length);
      checkBlock('forward', forward, 0, stride, stateCount, length);
      checkBlock('scale', scale, 0, stride, 2, length);
      checkRange('transition', transition, 0, stateCount * stateCount);
      if (sequenceWeights !== null) {
        checkRange('sequenceWeights', sequenceWeights, 0, sequenceCount);
      }
      checkRange('initialSum', initialSum, 0, stateCount);
      checkRange('transitionSum', transitionSum, 0, stateCount * stateCount);
      coreFor(length).hmmBackward(
        emission,
        0,
        stride,
        stateCount,
        offsets,
        0,
        sequenceCount,
        transition,
        forward,
        scale,
        sequenceWeights,
        0,
        initialSum,
        transitionSum,
      );
    },
  };
}
