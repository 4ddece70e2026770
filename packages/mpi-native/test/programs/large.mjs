// Messages of more than 2^31 elements: more than an MPI count can hold. Two ranks, 5 GB of memory.
import { runMpi } from '../../dist/index.js';

const LENGTH = 2 ** 31 + 16;
// Both ends, the borders of the pieces, and the last index that fits an int.
const PLACES = [0, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1, 2 ** 31, LENGTH - 1];

await runMpi(async (world) => {
  const buf = new Uint8Array(LENGTH);
  const fill = (first) => PLACES.forEach((place, k) => (buf[place] = first + k));
  const check = (first, what) =>
    PLACES.forEach((place, k) => {
      if (buf[place] === first + k) return;
      throw new Error(`${what}: element ${place} is ${buf[place]}, expected ${first + k}`);
    });

  if (world.rank === 0) fill(10);
  world.bcast(buf);
  check(10, 'bcast');

  fill(world.rank + 1);
  world.allreduce(buf, 'max');
  check(world.size, 'allreduce');

  if (world.rank === 0) {
    fill(50);
    world.send(buf, 1);
  } else {
    const { count } = world.recv(buf, 0);
    check(50, 'recv');
    if (count !== LENGTH) throw new Error(`recv: count is ${count}, expected ${LENGTH}`);
  }

  if (world.rank === 0) {
    fill(70);
    await world.isend(buf, 1).promise();
  } else {
    const { bytes } = world.probe(0);
    if (bytes !== LENGTH) throw new Error(`probe: ${bytes} bytes, expected ${LENGTH}`);
    const { count } = world.irecv(buf, 0).wait();
    check(70, 'irecv');
    if (count !== LENGTH) throw new Error(`irecv: count is ${count}, expected ${LENGTH}`);
  }

  // One block that is too long for a count, beside an empty one.
  fill(world.rank === 0 ? 1 : 90);
  if (world.rank === 0) world.gatherv(buf.subarray(0, 0), buf, [0, LENGTH]);
  else world.gatherv(buf, null, null);
  check(90, 'gatherv');
  console.log(JSON.stringify({ rank: world.rank }));
});
