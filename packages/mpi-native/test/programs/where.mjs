// Prints where each rank runs, after all have exchanged something longer than one packet.
import { hostname, networkInterfaces } from 'node:os';
import { runMpi } from '../../dist/index.js';

await runMpi((world) => {
  const sums = world.allreduce(new Float64Array(100_000).fill(world.rank + 1));
  const addresses = Object.values(networkInterfaces())
    .flat()
    .map(({ address }) => address)
    .filter((address) => /^\d+(\.\d+){3}$/.test(address) && address !== '127.0.0.1');
  console.log(JSON.stringify({ rank: world.rank, sum: sums[99_999], host: hostname(), addresses }));
});
