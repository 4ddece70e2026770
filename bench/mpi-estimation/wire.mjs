// The two messages of an iteration between two ranks, for growing statistics: what the prediction is fitted to.
import { runMpi } from '../../packages/mpi-native/dist/index.js';

await runMpi((comm) => {
  const points = [];
  for (const length of [10, 100, 1000, 10_000, 100_000]) {
    const own = new Float64Array(length);
    const all = comm.rank === 0 ? new Float64Array(length * comm.size) : null;
    const counts = comm.rank === 0 ? new Array(comm.size).fill(length) : null;
    let best = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < 400; repeat++) {
      comm.barrier();
      const started = performance.now();
      comm.gatherv(own, all, counts);
      comm.bcast(own);
      best = Math.min(best, (performance.now() - started) / 1000);
    }
    points.push([8 * length, best]);
  }
  if (comm.rank === 0) console.log(JSON.stringify(points));
});
