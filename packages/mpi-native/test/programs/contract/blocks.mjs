import { ARRAYS, block, concatenated, fails, LENGTHS, LONG, same, unevenCounts } from './expect.mjs';

export const blocks = {
  'gather: lays equal blocks in rank order, for every type, root and length'(world) {
    for (const Type of ARRAYS) {
      for (let root = 0; root < world.size; root++) {
        for (const length of LENGTHS) {
          const recv = world.rank === root ? new Type(length * world.size) : null;
          world.gather(block(Type, world.rank, length), recv, root);
          if (recv) same(recv, concatenated(Type, Array(world.size).fill(length)), `gather ${Type.name} ${length}`);
        }
      }
    }
  },

  'gather: the block of the root may lie in place'(world) {
    const all = new Int32Array(2 * world.size).fill(-1);
    const own = all.subarray(2 * world.rank, 2 * world.rank + 2).fill(world.rank);
    world.gather(own, world.rank === 0 ? all : null);
    if (world.rank === 0)
      same(
        all,
        Int32Array.from({ length: 2 * world.size }, (_, i) => i >> 1),
      );
  },

  'gatherv: lays blocks of uneven lengths, empty ones included, without gaps'(world) {
    for (const Type of ARRAYS) {
      for (let root = 0; root < world.size; root++) {
        const counts = unevenCounts(world.size);
        const recv = world.rank === root ? new Type(counts.reduce((a, b) => a + b)) : null;
        world.gatherv(block(Type, world.rank, counts[world.rank]), recv, recv ? counts : null, root);
        if (recv) same(recv, concatenated(Type, counts), `gatherv ${Type.name} to ${root}`);
      }
    }
    const long = Array.from({ length: world.size }, (_, rank) => LONG - 1000 * rank);
    const recv = world.rank === 0 ? new Float64Array(long.reduce((a, b) => a + b)) : null;
    world.gatherv(block(Float64Array, world.rank, long[world.rank]), recv, recv ? Uint32Array.from(long) : null);
    if (recv) same(recv, concatenated(Float64Array, long), 'long gatherv');
  },

  'gatherv: leaves what lies behind the last block alone'(world) {
    const recv = world.rank === 0 ? new Float64Array(world.size + 2).fill(-1) : null;
    world.gatherv(Float64Array.of(world.rank), recv, recv ? Array(world.size).fill(1) : null);
    if (recv) same([...recv.subarray(world.size)], [-1, -1]);
  },

  'scatter: is the reverse of gather'(world) {
    for (const Type of ARRAYS) {
      for (let root = 0; root < world.size; root++) {
        for (const length of LENGTHS) {
          const send = world.rank === root ? concatenated(Type, Array(world.size).fill(length)) : null;
          const recv = new Type(length);
          world.scatter(send, recv, root);
          same(recv, block(Type, world.rank, length), `scatter ${Type.name} ${length} from ${root}`);
        }
      }
    }
  },

  'scatterv: deals blocks of uneven lengths'(world) {
    for (const Type of ARRAYS) {
      for (let root = 0; root < world.size; root++) {
        const counts = unevenCounts(world.size);
        const send = world.rank === root ? concatenated(Type, counts) : null;
        const recv = new Type(counts[world.rank]);
        world.scatterv(send, send ? counts : null, recv, root);
        same(recv, block(Type, world.rank, counts[world.rank]), `scatterv ${Type.name} from ${root}`);
      }
    }
    const long = Array.from({ length: world.size }, (_, rank) => LONG - 1000 * rank);
    const recv = new Float64Array(long[world.rank]);
    world.scatterv(world.rank === 0 ? concatenated(Float64Array, long) : null, world.rank === 0 ? long : null, recv);
    same(recv, block(Float64Array, world.rank, long[world.rank]), 'long scatterv');
  },

  'allgather and allgatherv: give every rank all blocks'(world) {
    for (const Type of ARRAYS) {
      for (const length of LENGTHS) {
        const recv = new Type(length * world.size);
        world.allgather(block(Type, world.rank, length), recv);
        same(recv, concatenated(Type, Array(world.size).fill(length)), `allgather ${Type.name} ${length}`);
      }
      const counts = unevenCounts(world.size);
      const recv = new Type(counts.reduce((a, b) => a + b));
      world.allgatherv(block(Type, world.rank, counts[world.rank]), recv, counts);
      same(recv, concatenated(Type, counts), `allgatherv ${Type.name}`);
    }
    const recv = new Float64Array(LONG * world.size);
    world.allgather(block(Float64Array, world.rank, LONG), recv);
    same(recv, concatenated(Float64Array, Array(world.size).fill(LONG)), 'long allgather');
  },

  'wrong lengths, types and counts: an error before any communication'(world) {
    const one = new Float64Array(1);
    const { rank, size } = world;
    fails(() => world.gather(one, new Float64Array(size + 1), rank), 'ERR_BUFFER');
    fails(() => world.gather(one, new Float32Array(size), rank), 'ERR_BUFFER');
    fails(() => world.gather(one, null, rank), 'ERR_BUFFER');
    fails(() => world.gatherv(one, new Float64Array(size), null, rank), 'ERR_COUNT');
    fails(() => world.gatherv(one, new Float64Array(size), Array(size + 1).fill(1), rank), 'ERR_COUNT');
    fails(() => world.gatherv(one, new Float64Array(size), Array(size).fill(0.5), rank), 'ERR_COUNT');
    fails(() => world.gatherv(one, new Float64Array(size), Array(size).fill(-1), rank), 'ERR_COUNT');
    fails(() => world.gatherv(one, new Float64Array(2 * size), Array(size).fill(2), rank), 'ERR_COUNT');
    fails(() => world.gatherv(one, new Float64Array(size - 1), Array(size).fill(1), rank), 'ERR_BUFFER');
    fails(() => world.scatter(new Float64Array(size + 1), one, rank), 'ERR_BUFFER');
    fails(() => world.scatterv(new Float64Array(size), Array(size).fill(1), new Float64Array(2), rank), 'ERR_COUNT');
    fails(() => world.allgather(one, new Float64Array(size + 1)), 'ERR_BUFFER');
    fails(() => world.allgatherv(one, new Float64Array(size), Array(size + 1).fill(1)), 'ERR_COUNT');
    world.barrier();
  },
};
