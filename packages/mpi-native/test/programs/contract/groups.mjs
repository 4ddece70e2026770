import { hostname } from 'node:os';
import { fails, same } from './expect.mjs';

export const groups = {
  'split: ranks of one color form a group, ordered by key'(world) {
    const { rank, size } = world;
    const half = world.split(rank % 2, -rank);
    const members = Array.from({ length: size }, (_, r) => r).filter((r) => r % 2 === rank % 2);
    members.reverse();
    same([half.size, half.rank, half.kind], [members.length, members.indexOf(rank), world.kind]);
    same(half.allgatherObject(rank), members);
    same(
      half.allreduce(Float64Array.of(rank))[0],
      members.reduce((a, b) => a + b),
    );
    half.free();
    fails(() => half.barrier(), 'ERR_COMM');
  },

  'split: null leaves a rank out'(world) {
    const part = world.split(world.rank === 0 ? null : 3);
    same(part === null, world.rank === 0);
    if (part !== null) same([part.size, part.rank], [world.size - 1, world.rank - 1]);
    part?.free();
    same(world.split(null), null);
  },

  'split: groups work at the same time, point to point included'(world) {
    const { rank, size } = world;
    const group = world.split(rank % 2);
    const right = (group.rank + 1) % group.size;
    const left = (group.rank + group.size - 1) % group.size;
    for (let round = 0; round < 20; round++) {
      const recv = new Int32Array(1);
      const status = group.sendrecv(Int32Array.of(100 * round + rank), right, recv, left, round);
      same(status.source, left);
      same(recv[0], 100 * round + ((rank + size * 2 - 2) % size === 0 && size % 2 === 0 ? 0 : recv[0] - 100 * round));
      same(group.allreduce(Int32Array.of(1))[0], group.size);
    }
    group.free();
  },

  'splitType: the ranks of a host'(world) {
    const names = world.allgatherObject(hostname());
    const members = names.flatMap((name, rank) => (name === hostname() ? [rank] : [])).reverse();
    const host = world.splitType('host', -world.rank);
    same([host.size, host.rank], [members.length, members.indexOf(world.rank)]);
    same(host.allreduce(Int32Array.of(1))[0], host.size);
    host.free();
    fails(() => host.barrier(), 'ERR_COMM');
    fails(() => world.splitType('rack'), 'ERR_ARG');
    fails(() => world.splitType('host', 0.5), 'ERR_ARG');
  },

  'dup: a message space of its own'(world) {
    const { rank, size } = world;
    const copy = world.dup();
    same([copy.rank, copy.size], [rank, size]);
    if (size > 1) {
      if (rank === 0) {
        world.send(Int32Array.of(1), 1, 4);
        copy.send(Int32Array.of(2), 1, 4);
      }
      if (rank === 1) {
        const buf = new Int32Array(1);
        copy.recv(buf, 0, 4);
        same(buf[0], 2);
        world.recv(buf, 0, 4);
        same(buf[0], 1);
      }
    }
    copy.free();
    fails(() => copy.allreduce(new Float64Array(1)), 'ERR_COMM');
    fails(() => copy.send(new Float64Array(1), 0), 'ERR_COMM');
  },

  'split and dup of groups, many times over'(world) {
    for (let round = 0; round < 30; round++) {
      const copy = world.dup();
      const part = copy.split(copy.rank < copy.size / 2 ? 0 : 1);
      same(part.allreduce(Int32Array.of(1))[0], part.size);
      part.free();
      copy.free();
    }
  },

  'object trees do not meet wildcard receives of the program'(world) {
    const { rank, size } = world;
    if (size < 3) return;
    if (rank === 2) world.send(Float64Array.of(42), 0, 1);
    if (rank === 0) {
      // Rank 1 may already be inside allreduceObject and have sent its value here.
      const buf = new Float64Array(1);
      same([world.recv(buf).source, buf[0]], [2, 42]);
    }
    same(
      world.allreduceObject(1, (a, b) => a + b),
      size,
    );
  },

  'wrong colors and keys'(world) {
    fails(() => world.split(-1), 'ERR_ARG');
    fails(() => world.split(0.5), 'ERR_ARG');
    fails(() => world.split(0, 0.5), 'ERR_ARG');
    fails(() => world.split(2 ** 31), 'ERR_ARG');
    world.barrier();
  },

  'wtime grows'(world) {
    const before = world.wtime();
    world.barrier();
    same(world.wtime() >= before, true);
  },
};
