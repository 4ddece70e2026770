/** Checked kernels over columns, for any number of rows. */
import { checkCount, checkRange } from './check.js';
import { type Kernels, RUN } from './kernels.js';
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

export function frontColumns(fast: ColumnKernels): Pick<Kernels, Exclude<keyof ColumnKernels, 'codesInRange'>> {
  const coreFor = (count: number): ColumnKernels => (count < SMALL ? twinKernels : fast);
  return {
    exp(x, count, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.exp(x, done, rows, out, done);
      }
    },
    log(x, count, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.log(x, done, rows, out, done);
      }
    },
    multiply(x, y, count, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('y', y, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.multiply(x, done, y, done, rows, out, done);
      }
    },
    gaussianLogDensity(x, count, mu, halfPrecision, logNorm, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.gaussianLogDensity(x, done, rows, mu, halfPrecision, logNorm, out, done);
      }
    },
    addGaussianLogDensity(x, count, mu, halfPrecision, logNorm, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addGaussianLogDensity(x, done, rows, mu, halfPrecision, logNorm, out, done);
      }
    },
    linearLogDensity(x, count, slope, intercept, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.linearLogDensity(x, done, rows, slope, intercept, out, done);
      }
    },
    addLinearLogDensity(x, count, slope, intercept, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addLinearLogDensity(x, done, rows, slope, intercept, out, done);
      }
    },
    bilinearLogDensity(x, y, count, slopeX, slopeY, intercept, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('y', y, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.bilinearLogDensity(x, done, y, done, rows, slopeX, slopeY, intercept, out, done);
      }
    },
    addBilinearLogDensity(x, y, count, slopeX, slopeY, intercept, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('y', y, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.addBilinearLogDensity(x, done, y, done, rows, slopeX, slopeY, intercept, out, done);
      }
    },
    gather(table, codes, count, out) {
      const levelCount = table.length;
      checkCount(count);
      checkRange('codes', codes, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        checkCodes(core, codes, done, rows, levelCount);
        core.gather(table, 0, levelCount, codes, done, rows, out, done);
      }
    },
    addGather(table, codes, count, out) {
      const levelCount = table.length;
      checkCount(count);
      checkRange('codes', codes, 0, count);
      checkRange('out', out, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        checkCodes(core, codes, done, rows, levelCount);
        core.addGather(table, 0, levelCount, codes, done, rows, out, done);
      }
    },
    sum(x, count) {
      checkCount(count);
      checkRange('x', x, 0, count);
      const core = coreFor(count);
      let total = 0;
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        total += core.sum(x, done, rows);
      }
      return total;
    },
    weightedSum(x, weights, count) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('weights', weights, 0, count);
      const core = coreFor(count);
      let total = 0;
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        total += core.weightedSum(x, done, weights, done, rows);
      }
      return total;
    },
    weightedMean(x, weights, count, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('weights', weights, 0, count);
      checkRange('out', out, 0, 2);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.weightedMean(x, done, weights, done, rows, out, 0);
      }
    },
    weightedMeans(x, y, weights, count, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('y', y, 0, count);
      checkRange('weights', weights, 0, count);
      checkRange('out', out, 0, 3);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.weightedMeans(x, done, y, done, weights, done, rows, out, 0);
      }
    },
    moments(x, weights, count, origin, out) {
      checkCount(count);
      checkRange('x', x, 0, count);
      checkRange('weights', weights, 0, count);
      checkRange('out', out, 0, 3);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        core.moments(x, done, weights, done, rows, origin, out, 0);
      }
    },
    histogram(codes, weights, count, out) {
      const levelCount = out.length;
      checkCount(count);
      checkRange('codes', codes, 0, count);
      checkRange('weights', weights, 0, count);
      const core = coreFor(count);
      for (let done = 0; done < count; done += RUN) {
        const rows = Math.min(RUN, count - done);
        checkCodes(core, codes, done, rows, levelCount);
        core.histogram(codes, done, weights, done, rows, levelCount, out, 0);
      }
    },
  };
}
