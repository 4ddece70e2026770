/** Checked kernels over columns, for any number of rows. */
import { checkCount, checkRange } from './check.js';
import { RUN } from './kernels.js';
import { type ColumnKernels, SMALL } from './runKernels.js';
import { twinKernels } from './twin.js';

function checkCodes(core: ColumnKernels, codes: Int32Array, start: number, count: number, levelCount: number): void {
  if (core.codesInRange(codes, start, count, levelCount)) return;
  for (let i = start; i < start + count; i++) {
    const code = codes[i]!;
    if (code >= 0 && code < levelCount) continue;
    throw new RangeError(`kernel argument codes: entry ${i} must be in 0 … ${levelCount - 1}, found ${code}.`);
  }
}

export function frontColumns(fast: ColumnKernels): Omit<ColumnKernels, 'codesInRange'> {
  const coreFor = (count: number): ColumnKernels => (count < SMALL ? twinKernels : fast);
  return {
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
  };
}
