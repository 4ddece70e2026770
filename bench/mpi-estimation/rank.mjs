// One rank of a measured fit: node rank.mjs <workload> <share of the rows> <iterations>. Rank 0 prints one line of JSON.
import * as estimation from '../../packages/mpi-estimation/dist/index.js';
import * as native from '../../packages/mpi-native/dist/index.js';
import * as stats from '../../packages/stats/dist/index.js';
import { workloads } from '../em/workloads.mjs';

const [name, share, iterations] = process.argv.slice(2);
const workload = workloads[name];

await native.runMpi(async (comm) => {
  const data = comm.rank === 0 ? workload.data() : null;
  const rows = data === null ? null : workload.rows(data).slice(0, Math.round(workload.rowCount * Number(share)));
  const cpu = [];
  const algorithm = timed(stats.em(workload.estimator(stats)), cpu);
  // Every rank makes the start from the same data: no codec is needed.
  const start = workload.start(stats, data ?? workload.data());
  const times = [];
  let last;
  const fit = await estimation.optimizeMpi(rows, algorithm, {
    comm,
    initialModel: start,
    maxIterations: Number(iterations),
    delta: null,
    progress() {
      const now = performance.now();
      if (last !== undefined) times.push((now - last) / 1000);
      last = now;
    },
  });

  // What an iteration sends, without what it waits for: the same messages with nothing in between.
  const steps = algorithm.steps(algorithm.encode(rows === null ? [] : rows.slice(0, 1)));
  const length = comm.bcastObject(steps.statisticLength);
  steps.release();
  const message = messages(comm, length);
  // The first passes compile.
  const work = comm.gatherObject(Math.min(...cpu.slice(2)));
  if (comm.rank !== 0) return;
  const { distribute, encode } = fit.timings;
  console.log(
    JSON.stringify({
      iteration: Math.min(...times),
      work: work.reduce((a, b) => a + b),
      message,
      length,
      encode,
      distribute,
    }),
  );
});

/** The same algorithm, which notes the processor seconds of each E step: they do not count what other programs take. */
function timed(algorithm, cpu) {
  return {
    ...algorithm,
    steps(schema) {
      const steps = algorithm.steps(schema);
      let entered;
      return {
        ...steps,
        expectation(model, ...rest) {
          if (entered !== model) cpu.push(0);
          entered = model;
          const before = process.cpuUsage();
          const statistic = steps.expectation(model, ...rest);
          const { user, system } = process.cpuUsage(before);
          cpu[cpu.length - 1] += (user + system) / 1e6;
          return statistic;
        },
      };
    },
  };
}

/** Seconds of the quickest gatherv and bcast of a statistic of `length` numbers per rank. */
function messages(comm, length) {
  const own = new Float64Array(1 + length);
  const all = comm.rank === 0 ? new Float64Array(comm.size * own.length) : null;
  const counts = comm.rank === 0 ? new Array(comm.size).fill(own.length) : null;
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 300; repeat++) {
    comm.barrier();
    const started = performance.now();
    comm.gatherv(own, all, counts);
    comm.bcast(own);
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  return best;
}
