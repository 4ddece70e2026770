// Reductions beyond allreduce and reduce in place: two buffers, prefixes, parts, locations, functions of the program.
import { ARRAYS, block, fails, isBig, LONG, OPS, reduced, same } from './expect.mjs';

/** The blocks of the first `ranks` ranks, reduced. */
const prefix = (Type, ranks, length, op) => reduced(Type, ranks, length, op);

/** Pairs with many equal values, so that locations decide: value, location. */
function pairs(Type, rank, count) {
  const array = new Type(2 * count);
  for (let i = 0; i < count; i++) {
    const [value, location] = [(rank + i) % 3, 10 * rank + (i % 7)];
    array[2 * i] = isBig(Type) ? BigInt(value) : value;
    array[2 * i + 1] = isBig(Type) ? BigInt(location) : location;
  }
  return array;
}

function best(Type, size, count, isMin) {
  const all = Array.from({ length: size }, (_, rank) => pairs(Type, rank, count));
  const result = new Type(2 * count);
  for (let i = 0; i < count; i++) {
    const ordered = all
      .map((array) => [Number(array[2 * i]), Number(array[2 * i + 1])])
      .sort((a, b) => (isMin ? a[0] - b[0] : b[0] - a[0]) || a[1] - b[1]);
    result.set(isBig(Type) ? ordered[0].map(BigInt) : ordered[0], 2 * i);
  }
  return result;
}

// Composition of the maps x -> a x + b, elementwise over pairs (a, b): associates, and does not commute.
const compose = (lower, higher) => {
  for (let i = 0; i < lower.length; i += 2) {
    lower[i + 1] = higher[i] * lower[i + 1] + higher[i + 1];
    lower[i] *= higher[i];
  }
};
const mapOf = (rank) => Float64Array.of(2, rank, rank + 1, 1);
const composed = (ranks) => {
  const result = mapOf(0);
  for (let rank = 1; rank < ranks; rank++) compose(result, mapOf(rank));
  return result;
};

export const reductions = {
  'allreduce and reduce: from one array into another'(world) {
    const { rank, size } = world;
    for (const Type of [Float64Array, Uint16Array, BigInt64Array]) {
      for (const length of [0, 7]) {
        const send = block(Type, rank, length);
        const recv = new Type(length);
        same(world.allreduce(send, recv, 'max') === recv, true);
        same(recv, reduced(Type, size, length, 'max'), `allreduce ${Type.name}`);
        same(send, block(Type, rank, length), 'send keeps its contents');
        for (let root = 0; root < size; root++) {
          const sum = rank === root ? new Type(length) : null;
          same(world.reduce(send, sum, 'sum', root) === sum, true);
          if (sum) same(sum, reduced(Type, size, length, 'sum'), `reduce ${Type.name}`);
          same(send, block(Type, rank, length), 'send keeps its contents');
        }
      }
    }
    fails(() => world.allreduce(new Float64Array(2), new Float64Array(3)), 'ERR_BUFFER');
    fails(() => world.allreduce(new Float64Array(2), new Float32Array(2)), 'ERR_BUFFER');
    fails(() => world.allreduce(new Float64Array(2), null), 'ERR_BUFFER');
    fails(() => world.reduce(new Float64Array(2), null, 'sum', rank), 'ERR_BUFFER');
    const recv = new Float64Array(2).fill(7);
    fails(() => world.allreduce(new Float64Array(2), recv, 'average'), 'ERR_OP');
    same(recv, Float64Array.of(7, 7));
  },

  'scan and exscan: over the ranks up to this one, for every type and operation'(world) {
    const { rank } = world;
    for (const Type of ARRAYS) {
      // One library function works for all: every operation once, every type once.
      for (const op of Type === Int32Array || Type === BigUint64Array ? OPS : ['sum']) {
        for (const length of op === 'sum' ? [0, 7] : [7]) {
          const buf = block(Type, rank, length);
          same(world.scan(buf, op) === buf, true);
          same(buf, prefix(Type, rank + 1, length, op), `scan ${Type.name} ${op} ${length}`);
          const before = world.exscan(block(Type, rank, length), op);
          const expected = rank === 0 ? block(Type, 0, length) : prefix(Type, rank, length, op);
          same(before, expected, `exscan ${Type.name} ${op} ${length}`);
        }
      }
    }
    const long = world.scan(new Float64Array(2 * LONG).fill(1));
    same([long[0], long[2 * LONG - 1]], [rank + 1, rank + 1]);
  },

  'reduceScatter: gives every rank its part of the sum'(world) {
    const { rank, size } = world;
    const whole = (Type, total, op) => reduced(Type, size, total, op);
    for (const Type of ARRAYS) {
      const recv = new Type(3);
      same(world.reduceScatter(block(Type, rank, 3 * size), recv) === recv, true);
      same(recv, whole(Type, 3 * size, 'sum').subarray(3 * rank, 3 * rank + 3), `equal ${Type.name}`);
      const counts = Array.from({ length: size }, (_, other) => (other * 2) % 5);
      const start = counts.slice(0, rank).reduce((a, b) => a + b, 0);
      const total = counts.reduce((a, b) => a + b, 0);
      const part = world.reduceScatter(block(Type, rank, total), new Type(counts[rank]), counts, 'max');
      same(part, whole(Type, total, 'max').subarray(start, start + counts[rank]), `uneven ${Type.name}`);
    }
    const long = world.reduceScatter(new Float64Array(LONG * size).fill(rank), new Float64Array(LONG));
    same([long[0], long[LONG - 1]], [(size * (size - 1)) / 2, (size * (size - 1)) / 2]);
    const all = new Float64Array(size);
    fails(() => world.reduceScatter(all, all.subarray(0, 1)), 'ERR_BUFFER');
    fails(() => world.reduceScatter(all, new Float64Array(2)), 'ERR_BUFFER');
    fails(() => world.reduceScatter(all, new Float64Array(2), Array(size).fill(1)), 'ERR_COUNT');
    fails(() => world.reduceScatter(all, new Float64Array(1), [1, 2, 3, 4, 5, 6, 7]), 'ERR_COUNT');
  },

  'minloc and maxloc: the best value with its location, for every type'(world) {
    const { rank, size } = world;
    for (const Type of ARRAYS) {
      for (const [op, isMin] of [
        ['minloc', true],
        ['maxloc', false],
      ]) {
        for (const count of [0, 7]) {
          const expected = best(Type, size, count, isMin);
          same(world.allreduce(pairs(Type, rank, count), op), expected, `${op} ${Type.name} ${count}`);
        }
        if (Type !== Float32Array && Type !== BigInt64Array) continue;
        const expected = best(Type, size, 600, isMin);
        const reducedTo = world.reduce(pairs(Type, rank, 600), op, size - 1);
        same(reducedTo, rank === size - 1 ? expected : pairs(Type, rank, 600), `reduce ${op} ${Type.name}`);
        same(world.scan(pairs(Type, rank, 7), op), best(Type, rank + 1, 7, isMin), `scan ${op} ${Type.name}`);
        const part = world.reduceScatter(pairs(Type, rank, 2 * size), new Type(4), null, op);
        const whole = best(Type, size, 2 * size, isMin);
        same(part, whole.subarray(4 * rank, 4 * rank + 4), `reduceScatter ${op} ${Type.name}`);
      }
    }
    const long = world.allreduce(pairs(Float64Array, rank, LONG), 'maxloc');
    same(long, best(Float64Array, size, LONG, false), 'long maxloc');
    const withNaN = Float64Array.of(rank === size - 1 ? Number.NaN : -rank, rank);
    same(world.allreduce(withNaN.slice(), 'minloc'), Float64Array.of(Number.NaN, size - 1));
    same(world.allreduce(withNaN.slice(), 'maxloc'), Float64Array.of(Number.NaN, size - 1));
    fails(() => world.allreduce(new Float64Array(3), 'minloc'), 'ERR_BUFFER');
    fails(() => world.reduceScatter(new Float64Array(size), new Float64Array(1), null, 'maxloc'), 'ERR_BUFFER');
  },

  'a function of the program: in rank order, on every transport'(world) {
    const { rank, size } = world;
    same(world.allreduce(mapOf(rank), compose), composed(size));
    same(world.allreduce(mapOf(rank), new Float64Array(4), compose), composed(size));
    for (let root = 0; root < size; root++) {
      same(world.reduce(mapOf(rank), compose, root), rank === root ? composed(size) : mapOf(rank));
    }
    same(world.scan(mapOf(rank), compose), composed(rank + 1));
    same(world.exscan(mapOf(rank), compose), rank === 0 ? mapOf(0) : composed(rank));
    const maps = new Float64Array(4 * size);
    for (let i = 0; i < size; i++) maps.set(mapOf(rank), 4 * i);
    same(world.reduceScatter(maps, new Float64Array(4), null, compose), composed(size));
    same(world.allreduce(new BigInt64Array(0), compose), new BigInt64Array(0));
  },

  'a function that throws on one rank: every rank throws, and the communicator still works'(world) {
    if (world.size < 2) return;
    const broken = (lower, higher) => {
      if (world.rank === 0 || lower.length > 4) throw new Error('cannot combine');
      compose(lower, higher);
    };
    const error = fails(() => world.allreduce(mapOf(world.rank), broken), 'ERR_REMOTE');
    same(error.message.includes('rank 0 failed'), true, error.message);
    same(error.cause !== undefined, world.rank === 0, 'cause');
    same(world.allreduce(Float64Array.of(1))[0], world.size);
  },
};
