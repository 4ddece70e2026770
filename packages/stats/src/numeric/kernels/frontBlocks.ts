/** Checked kernels over blocks of vectors, mixtures and sequences, for any number of rows. */
import { checkBlock, checkCount, checkOffsets, checkRange } from './check.js';
import { RUN } from './kernels.js';
import { type BlockKernels, SMALL } from './runKernels.js';
import { twinKernels } from './twin.js';

export function frontBlocks(fast: BlockKernels): BlockKernels {
  const coreFor = (count: number): BlockKernels => (count < SMALL ? twinKernels : fast);
  return {
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
    posteriorTotal(logDensity, start, stride, componentCount, count, logWeights, totals, totalsStart) {
      checkCount(count);
      checkBlock('logDensity', logDensity, start, stride, componentCount, count);
      checkRange('logWeights', logWeights, 0, componentCount);
      checkRange('totals', totals, totalsStart, componentCount);
      const core = coreFor(count);
      let total = 0;
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        total += core.posteriorTotal(
          logDensity,
          start + done,
          stride,
          componentCount,
          rows,
          logWeights,
          totals,
          totalsStart,
        );
      }
      return total;
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
