// Time and memory of W1 for 1e5, 1e6 and 1e7 rows, from encoded columns on: `node --expose-gc growth.mjs rowCount`.
// Rows are encoded in parts and joined, as a driver over many files does it. Started by run.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpuNanoseconds, participate } from '../participant.mjs';
import { iterate } from './iterate.mjs';
import { mixed } from './workloads.mjs';

const PART = 100_000;
const rowCount = Number(process.argv[2]);
const stats = await import(process.env.DML_STATS ?? '@dml/stats');
const workload = mixed(PART, 2);
const algorithm = stats.em(workload.estimator(stats));
const data = workload.data();
const partRows = workload.rows(data);
const columns = algorithm.concat(Array.from({ length: rowCount / PART }, () => algorithm.encode(partRows)));

/** kB of this process from /proc; undefined on other systems. */
function memory(field) {
  try {
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'latin1'))[1]);
  } catch {
    return undefined;
  }
}

let model = workload.start(stats, data);
globalThis.gc();
const resident = memory('VmRSS');
if (resident !== undefined) writeFileSync('/proc/self/clear_refs', '5'); // the peak starts anew
const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
// V8 compiles the kernels for good only after some use.
const few = algorithm.slice(columns, 0, PART);
for (let round = 0; round < 150; round++) iterate(algorithm, steps, few, model);
await participate((request) => {
  if (request === 'memory') return { columns: 12 * rowCount, beyond: 1024 * (memory('VmHWM') - resident) };
  const before = process.cpuUsage();
  model = iterate(algorithm, steps, columns, model).model;
  return { nanoseconds: cpuNanoseconds(before) };
});
