/** Kernels over columns in WebAssembly: finds addresses for the arguments and calls the module. */
import type { Arena } from './arena.js';
import { type Border, OUT, TABLE, TABLE_LENGTH, WEIGHTS, X, Y } from './border.js';
import { RUN } from './kernels.js';
import type { ColumnKernels } from './runKernels.js';
import { COPIED_LEVELS, COPIES } from './twin/table.js';
import { twinKernels } from './twin.js';
import type { WasmExports } from './wasmModule.js';

/** @param largestCodes  of staged ranges: see {@link stagedMemory} */
export function wasmColumns(
  wasm: WasmExports,
  border: Border,
  arena: Arena,
  largestCodes: ReadonlyMap<Int32Array, number>,
): ColumnKernels {
  const copies = arena.float64(COPIES * COPIED_LEVELS).byteOffset;
  const totals = arena.float64(RUN);
  const totalsAt = totals.byteOffset;

  /** Adds the first `count` totals to out. */
  function addTotals(count: number, out: Float64Array, outStart: number): void {
    for (let i = 0; i < count; i++) out[outStart + i]! += totals[i]!;
  }

  return {
    codesInRange(codes, start, count, levelCount) {
      const known = count === codes.length ? largestCodes.get(codes) : undefined;
      return (known ?? wasm.largestCode(border.readCodes(codes, start, count), count) >>> 0) < levelCount;
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
      wasm.histogram(at, from, count, levelCount, copies, totalsAt);
      addTotals(levelCount, out, outStart);
    },
  };
}
