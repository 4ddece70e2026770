// Inside a job: each rank starts ranks of its own, and the job goes on. Prints what each rank found.
import { runMpi, spawnRanks } from '../../dist/index.js';

const module = new URL('./ranks/programs.mjs', import.meta.url);
await runMpi(async (world) => {
  const { rank } = world;
  const before = world.allreduce(Float64Array.of(1))[0];
  const [two, byItself] = await Promise.all([
    spawnRanks(module, { ranks: 2, data: rank }),
    spawnRanks(module, { data: rank }), // alone: the other cores are taken
  ]);
  const failure = await spawnRanks(module, { ranks: 2, name: 'fail', data: 'throw' }).catch((error) => error.message);
  const after = world.allreduce(Float64Array.of(1))[0];
  const seen = [two.size, two.data, byItself.size, byItself.data];
  console.log(JSON.stringify({ rank, before, seen, failure, after }));
});
