// node bench/em/starts.mjs [names…]: what the default start of each workload costs, in iterations: the least of some rounds in which the
// two take turns, CPU time of this process. The goal is 2. DML_STATS: another build of the package.
import { cpuNanoseconds } from '../participant.mjs';
import { iterate } from './iterate.mjs';
import { vectors, workloads } from './workloads.mjs';

const ROUNDS = 5;
const stats = await import(process.env.DML_STATS ?? '@dml/stats');
const all = {
  ...workloads,
  wide: { what: 'diagonal Gaussians d=30 K=10, 5e4 rows', ...vectors(50_000, 10, 30, false) },
};
const only = process.argv.slice(2);

function timed(work) {
  const before = process.cpuUsage();
  const result = work();
  return [cpuNanoseconds(before) / 1e6, result];
}

for (const [name, { what, data, rows, estimator }] of Object.entries(all)) {
  if (only.length > 0 ? !only.includes(name) : !/^W\d|wide/.test(name)) continue;
  const algorithm = stats.em(estimator(stats));
  const columns = algorithm.encode(rows(data()));
  const { rowCount } = columns;
  const start = (seed) => {
    const taken = algorithm.startRows(rowCount, 0, rowCount, seed);
    const some = taken.length === rowCount ? columns : algorithm.take(columns, taken);
    return algorithm.start(some, { seed, method: 'kmeans++' });
  };
  const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
  const [ofStart, ofIteration] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const [milliseconds, model] = timed(() => start(round));
    ofStart.push(milliseconds);
    ofIteration.push(timed(() => iterate(algorithm, steps, columns, model))[0]);
  }
  steps.release();
  const [first, each] = [Math.min(...ofStart), Math.min(...ofIteration)];
  console.log(
    name.padEnd(5),
    `start ${first.toFixed(1).padStart(7)} ms`,
    `iteration ${each.toFixed(1).padStart(7)} ms`,
    `${(first / each).toFixed(2).padStart(6)} iterations  `,
    what,
  );
}
