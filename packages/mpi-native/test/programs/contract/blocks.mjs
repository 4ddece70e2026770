import { ARRAYS, block, concatenated, fails, isBig, LENGTHS, LONG, same, unevenCounts } from './expect.mjs';

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

  'alltoall and alltoallv: every rank sends a block to every rank'(world) {
    const { rank, size } = world;
    const part = (Type, source, dest, length) => block(Type, source, length, 11 * dest);
    const joined = (Type, blocks) => Type.from(blocks.flatMap((one) => [...one]));
    const ranks = Array.from({ length: size }, (_, other) => other);
    for (const Type of ARRAYS) {
      for (const length of Type === Float64Array ? LENGTHS : [7]) {
        const recv = new Type(length * size);
        world.alltoall(
          joined(
            Type,
            ranks.map((dest) => part(Type, rank, dest, length)),
          ),
          recv,
        );
        const expected = ranks.map((source) => part(Type, source, rank, length));
        same(recv, joined(Type, expected), `alltoall ${Type.name} ${length}`);
      }
      // Block lengths from source to dest, zeros among them.
      const lengthOf = (source, dest) => (3 * source + 2 * dest) % 4;
      const send = ranks.map((dest) => part(Type, rank, dest, lengthOf(rank, dest)));
      const expected = ranks.map((source) => part(Type, source, rank, lengthOf(source, rank)));
      const recv = joined(Type, expected).fill(isBig(Type) ? 9n : 9);
      const counts = [send, expected].map((blocks) => blocks.map(({ length }) => length));
      world.alltoallv(joined(Type, send), counts[0], recv, counts[1]);
      same(recv, joined(Type, expected), `alltoallv ${Type.name}`);
    }
    const long = new Float64Array(LONG * size);
    world.alltoall(new Float64Array(LONG * size).fill(rank), long);
    same(
      ranks.map((source) => long[LONG * source]),
      ranks,
    );
    const uneven = ranks.map((dest) => LONG * (dest + 1));
    const total = uneven.reduce((a, b) => a + b);
    const own = new Float64Array(LONG * (rank + 1) * size);
    world.alltoallv(new Float64Array(total).fill(rank), uneven, own, Array(size).fill(LONG * (rank + 1)));
    same([own[0], own[own.length - 1]], [0, size - 1]);
  },

  'alltoall: wrong lengths and overlapping arrays'(world) {
    const { size } = world;
    const all = new Float64Array(2 * size);
    fails(() => world.alltoall(all, new Float64Array(2 * size + 1)), 'ERR_BUFFER');
    fails(() => world.alltoall(all, all), 'ERR_BUFFER');
    if (size > 1) fails(() => world.alltoall(new Float64Array(size + 1), new Float64Array(size + 1)), 'ERR_BUFFER');
    fails(() => world.alltoallv(all, Array(size).fill(1), all, Array(size).fill(1)), 'ERR_BUFFER');
    fails(() => world.alltoallv(all, Array(size).fill(3), new Float64Array(1), Array(size).fill(0)), 'ERR_BUFFER');
    fails(() => world.alltoallv(all, Array(size + 1).fill(1), new Float64Array(1), Array(size).fill(0)), 'ERR_COUNT');
    world.barrier();
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
