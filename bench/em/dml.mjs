// One workload through the public API of @dml/stats, or through its kernels alone, or with equal rows collapsed into one
// that weighs as much. Started by run.mjs.
import { cpuNanoseconds, participate } from '../participant.mjs';
import { workloads } from './workloads.mjs';

const [, , name, part] = process.argv;
const workload = workloads[name];
const data = workload.data();

if (part === 'kernels') {
  const { loadKernels } = await import('../kernels/loadKernels.mjs');
  const iteration = workload.kernels((await loadKernels()).kernelsOfKind('wasm'), data);
  await participate(() => {
    const before = process.cpuUsage();
    const logLikelihood = iteration();
    return { nanoseconds: cpuNanoseconds(before), logLikelihood };
  });
} else {
  // DML_STATS: the entry of another build, to compare two of them.
  const stats = await import(process.env.DML_STATS ?? '@dml/stats');
  const estimator = workload.estimator(stats);
  const all = workload.rows(data);
  const multiplicity = new Map();
  if (part === 'collapsed') for (const row of all) multiplicity.set(row, (multiplicity.get(row) ?? 0) + 1);
  const rows = part === 'collapsed' ? [...multiplicity.keys()] : all;
  let encode = Infinity;
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    estimator.encoder().encode(rows);
    encode = Math.min(encode, cpuNanoseconds(before));
  }
  const steps = stats.optimizeSteps(rows, estimator, {
    initialModel: workload.start(stats, data),
    ...(part === 'collapsed' ? { weights: [...multiplicity.values()] } : {}),
    delta: null,
    maxIterations: 1_000_000,
  });
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
