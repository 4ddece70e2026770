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
  const passes = [];
  const algorithm = timed(stats.em(workload.estimator(stats)), passes);
  // Every rank makes the start from the same data: no codec is needed.
  const start = workload.start(stats, data ?? workload.data());
  const fit = await estimation.optimizeMpi(rows, algorithm, {
    comm,
    initialModel: start,
    maxIterations: Number(iterations),
    delta: null,
    progress: 'silent',
  });

  // What an iteration sends, without what it waits for: the same messages with nothing in between.
  const steps = algorithm.steps(algorithm.encode(rows === null ? [] : rows.slice(0, 1)));
  const length = comm.bcastObject(steps.statisticLength);
  steps.release();
  const message = messages(comm, length);
  const ranks = comm.gatherObject({ ...quickest(passes), rest: fit.timings });
  if (comm.rank !== 0) return;
  console.log(JSON.stringify({ ranks, message, length }));
});

/**
 * Seconds of the quickest iteration on this rank, by phase, and the least processor time of a pass: that of its E and M step,
 * which does not count what other programs take. The first passes compile.
 */
function quickest(passes) {
  const phases = passes.slice(2, -1).map(({ begun, expectation, processor, reduced, maximization }, i) => ({
    iteration: passes[i + 3].begun - begun,
    expectation,
    processor,
    waiting: reduced - begun - expectation,
    maximization,
  }));
  const best = phases.reduce((best, pass) => (pass.iteration < best.iteration ? pass : best));
  return { ...best, processor: Math.min(...phases.map(({ processor }) => processor)) };
}

/** The same algorithm, which notes when each pass begins, and the seconds of its steps. */
function timed(algorithm, passes) {
  const now = () => performance.now() / 1000;
  const processor = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  return {
    ...algorithm,
    steps(schema) {
      const steps = algorithm.steps(schema);
      let entered;
      return {
        ...steps,
        expectation(model, ...rest) {
          if (entered !== model) passes.push({ begun: now(), expectation: 0, processor: 0 });
          entered = model;
          const pass = passes.at(-1);
          const before = processor();
          const started = now();
          const statistic = steps.expectation(model, ...rest);
          pass.expectation += now() - started;
          pass.processor += processor() - before;
          return statistic;
        },
        maximization(...all) {
          const pass = passes.at(-1);
          const before = processor();
          pass.reduced = now();
          const made = steps.maximization(...all);
          pass.maximization = now() - pass.reduced;
          pass.processor += processor() - before;
          return made;
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
