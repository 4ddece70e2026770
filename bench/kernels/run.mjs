// node bench/kernels/run.mjs [names…]: nanoseconds per row x component of one EM iteration made of kernels alone.
// Implementations, the C++ yardstick included, take turns within a round; the minimum CPU time over the rounds counts.
import { buildYardstick, runYardstick } from '../yardstick/build.mjs';
import { loadKernels } from './loadKernels.mjs';
import * as work from './workloads.mjs';

const { allKernels } = await loadKernels();
const wasm = allKernels('wasm');
const twin = allKernels('twin');
const ROUNDS = Number(process.env.DML_BENCH_ROUNDS ?? 7);

function mixed(rowCount, K, levels) {
  const data = work.mixedData(rowCount, K, levels);
  return {
    cells: rowCount * K,
    wasm: work.mixedIteration(wasm, data),
    twin: work.mixedIteration(twin, data),
    plain: work.mixedPlain(data),
  };
}

function vectors(rowCount, K, dimension, full) {
  const data = work.vectorData(rowCount, K, dimension);
  return {
    cells: rowCount * K,
    wasm: work.vectorIteration(wasm, data, full),
    twin: work.vectorIteration(twin, data, full),
    plain: work.vectorPlain(data, full),
  };
}

function counts(rowCount, K) {
  const data = work.countData(rowCount, K);
  return {
    cells: rowCount * K,
    wasm: work.countIteration(wasm, data),
    twin: work.countIteration(twin, data),
    plain: work.countPlain(data),
  };
}

function sequences(sequenceCount, length, S) {
  const data = work.sequenceData(sequenceCount, length, S);
  return {
    cells: sequenceCount * length * S,
    wasm: work.sequenceIteration(wasm, data),
    twin: work.sequenceIteration(twin, data),
    plain: work.sequencePlain(data),
  };
}

const workloads = {
  W1: { what: 'mixture K=2, Gaussian x Categorical(3)', goal: 4, make: () => mixed(200_000, 2, 3) },
  W1b: { what: 'mixture K=2, Gaussian x Categorical(2)', goal: 4, make: () => mixed(200_000, 2, 2) },
  W2: { what: 'mixture K=10, Gaussian x Categorical(3)', goal: 5, make: () => mixed(100_000, 10, 3) },
  W3: { what: 'diagonal Gaussians d=10 K=10', goal: 10, make: () => vectors(40_000, 10, 10, false) },
  W4a: { what: 'full covariance d=10 K=10', goal: 26, make: () => vectors(40_000, 10, 10, true) },
  W4b: { what: 'full covariance d=32 K=16', goal: 170, make: () => vectors(10_000, 16, 32, true) },
  W5: { what: 'HMM, 5 Gaussian states, sequences of 500', goal: 15, make: () => sequences(200, 500, 5) },
  W8: { what: 'Poisson mixture K=5', goal: 6, make: () => counts(200_000, 5) },
};

function cpuOf(iteration) {
  const before = process.cpuUsage();
  const value = iteration();
  const { user, system } = process.cpuUsage(before);
  return { nanoseconds: 1000 * (user + system), value };
}

const yardstick = buildYardstick();
if (yardstick === undefined) console.log('no g++: the C++ column is left out');
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(workloads);
console.log('ns per row x component, minimum CPU time; goal is for a whole fit through the public API');
for (const name of names) {
  const { what, goal, make } = workloads[name];
  const { cells, ...implementations } = make();
  const best = {};
  const values = {};
  for (let round = -2; round < ROUNDS; round++) {
    if (yardstick !== undefined) {
      const { value, nanoseconds } = runYardstick(yardstick, name, 1);
      values.cpp = value;
      best['c++'] = Math.min(best['c++'] ?? Infinity, nanoseconds);
    }
    for (const [kind, iteration] of Object.entries(implementations)) {
      const { nanoseconds, value } = cpuOf(iteration);
      values[kind] = value;
      if (round >= 0) best[kind] = Math.min(best[kind] ?? Infinity, nanoseconds / cells);
    }
  }
  if (!Object.is(values.wasm, values.twin)) throw new Error(`${name}: ${values.wasm} differs from twin ${values.twin}`);
  if (Math.abs(values.plain / values.wasm - 1) > 1e-12) throw new Error(`${name}: plain loops disagree`);
  if (yardstick !== undefined && Math.abs(values.cpp / values.wasm - 1) > 1e-9) {
    throw new Error(`${name}: C++ has ${values.cpp}, WebAssembly ${values.wasm}`);
  }
  const cellsOf = Object.entries(best).map(([kind, value]) => `${kind} ${value.toFixed(2).padStart(7)}`);
  const ratios = `plain/wasm ${(best.plain / best.wasm).toFixed(1)}  wasm/c++ ${(best.wasm / best['c++']).toFixed(1)}`;
  console.log(
    `${name.padEnd(4)} ${what.padEnd(42)} goal ${String(goal).padStart(4)}  ${cellsOf.join('  ')}  ${ratios}`,
  );
}
