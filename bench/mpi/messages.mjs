// The same loops as messages.c through @dml/mpi-native, and a model of about 100 numbers as an object.
import { runMpi } from '../../packages/mpi-native/dist/index.js';

const BATCHES = 100;

await runMpi((world) => {
  const { rank, size } = world;
  const sizes = process.argv.slice(2).map(Number);
  const result = {};
  const measure = (name, repeats, trips, run) => {
    let best = Number.POSITIVE_INFINITY;
    for (let batch = 0; batch < BATCHES; batch++) {
      world.barrier();
      const start = world.wtime();
      for (let i = 0; i < repeats; i++) run();
      world.barrier();
      best = Math.min(best, (world.wtime() - start) / repeats / trips);
    }
    result[name] = best * 1e6;
  };
  const operations = {
    pingPong: (buffer) => () => {
      if (rank === 0) {
        world.send(buffer, 1);
        world.recv(buffer, 1, 0);
      } else if (rank === 1) {
        world.recv(buffer, 0, 0);
        world.send(buffer, 0);
      }
    },
    bcast: (buffer) => () => world.bcast(buffer),
    allreduce: (buffer) => () => world.allreduce(buffer, 'max'),
    gatherv: (buffer) => {
      const all = rank === 0 ? new Float64Array(buffer.length * size) : null;
      const counts = rank === 0 ? new Array(size).fill(buffer.length) : null;
      return () => world.gatherv(buffer, all, counts);
    },
  };
  for (const [name, prepare] of Object.entries(operations)) {
    for (let a = 0; a + 1 < sizes.length; a += 2) {
      const run = prepare(new Float64Array(sizes[a] / 8));
      measure(`${name} ${sizes[a]}`, sizes[a + 1], name === 'pingPong' ? 2 : 1, run);
    }
  }
  const component = (k) => ({
    w: 0.1 * k,
    mu: [k + 0.5, -k - 0.25, k / 3],
    sigma2: [1.5, 2.5 + k, 1 / (k + 1)],
    lambda: k,
  });
  const model = { type: 'Mixture', components: Array.from({ length: 12 }, (_, k) => component(k)) };
  measure('objectBcast model', 100, 1, () => world.bcastObject(rank === 0 ? model : undefined));
  if (rank === 0) console.log(JSON.stringify(result));
});
