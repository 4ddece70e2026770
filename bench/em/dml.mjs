// One workload through the public API of @dml/stats. Or through its kernels alone; or with an encoder that cannot tell equal
// rows, so that every row is scored; or with columns that are new in each iteration, as they are when they are read from a
// disk, so that equal rows are looked for each time. Started by run.mjs.
import { cpuNanoseconds, participate } from '../participant.mjs';
import { iterate } from './iterate.mjs';
import { workloads } from './workloads.mjs';

const [, , name, part] = process.argv;
const workload = workloads[name];
const data = workload.data();

if (part === 'kernels') {
  const { loadKernels } = await import('../kernels/loadKernels.mjs');
  const iteration = workload.kernels((await loadKernels()).allKernels('wasm'), data);
  await participate(() => {
    const before = process.cpuUsage();
    const logLikelihood = iteration();
    return { nanoseconds: cpuNanoseconds(before), logLikelihood };
  });
} else {
  // DML_STATS: the entry of another build, to compare two of them.
  const stats = await import(process.env.DML_STATS ?? '@dml/stats');
  const estimator = workload.estimator(stats);
  if (part === 'every row') {
    const encoder = estimator.encoder();
    estimator.encoder = () => Object.assign(encoder, { rowCodes: undefined });
  }
  const rows = workload.rows(data);
  let encode = Infinity;
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    estimator.encoder().encode(rows);
    encode = Math.min(encode, cpuNanoseconds(before));
  }
  const steps = part === 'new columns' ? stepsOfNewColumns() : stepsOfFit();

  function stepsOfFit() {
    return stats.optimizeSteps(rows, estimator, {
      initialModel: workload.start(stats, data),
      delta: null,
      acceleration: 'none',
      maxIterations: 1_000_000,
    });
  }

  async function* stepsOfNewColumns() {
    const algorithm = stats.em(estimator);
    const columns = algorithm.encode(rows);
    const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
    const piece = (start, end) => ({ columns: algorithm.slice(columns, start, end), start: 0, end: end - start });
    for (let model = workload.start(stats, data); ; ) {
      const iterated = iterate(algorithm, steps, columns, model, piece);
      ({ model } = iterated);
      yield iterated;
    }
  }

  await steps.next(); // encodes, and scores the start
  await participate(
    async () => {
      const before = process.cpuUsage();
      const { value } = await steps.next(); // an M step, then an E step with the log-likelihood
      return { nanoseconds: cpuNanoseconds(before), logLikelihood: value.logLikelihood };
    },
    { encode: encode / workload.rowCount },
  );
}
