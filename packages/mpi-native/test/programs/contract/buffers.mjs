import { ARRAYS, block, fails, isFloat, LENGTHS, LONG, OPS, reduced, same } from './expect.mjs';

export const buffers = {
  'barrier: holds every rank until the last has come'(world) {
    const counter = world.allreduce(Int32Array.of(1));
    world.barrier();
    same(counter[0], world.size);
  },

  'bcast: gives every rank the contents of any root, for every type and length'(world) {
    for (const Type of ARRAYS) {
      for (let root = 0; root < world.size; root++) {
        for (const length of LENGTHS) {
          const buf = block(Type, world.rank, length);
          same(world.bcast(buf, root) === buf, true);
          same(buf, block(Type, root, length), `bcast ${Type.name} ${length} from ${root}`);
        }
      }
    }
    const long = block(Float64Array, world.rank, LONG);
    same(world.bcast(long, world.size - 1), block(Float64Array, world.size - 1, LONG), 'long bcast');
  },

  'allreduce: equals the serial reference for every type, operation and length'(world) {
    for (const Type of ARRAYS) {
      for (const op of OPS) {
        if (isFloat(Type) && OPS.indexOf(op) >= 4) continue;
        for (const length of op === 'sum' ? LENGTHS : [7]) {
          const buf = block(Type, world.rank, length);
          world.allreduce(buf, op);
          same(buf, reduced(Type, world.size, length, op), `allreduce ${Type.name} ${op} ${length}`);
        }
      }
    }
  },

  'allreduce: long buffers'(world) {
    for (const Type of [Float64Array, Uint8Array, BigInt64Array]) {
      const buf = new Type(LONG).fill(Type === BigInt64Array ? BigInt(world.rank + 1) : world.rank + 1);
      world.allreduce(buf);
      const total = (world.size * (world.size + 1)) / 2;
      same(buf, new Type(LONG).fill(Type === BigInt64Array ? BigInt(total) : total), `long allreduce ${Type.name}`);
    }
  },

  'allreduce: integer sums and products wrap around'(world) {
    if (world.size < 2) return;
    const most = world.rank < 2 ? 0xff : 0;
    same(world.allreduce(Uint8Array.of(most))[0], 0xfe);
    const big = world.rank < 2 ? 2n ** 63n - 1n : 0n;
    same(world.allreduce(BigInt64Array.of(big))[0], -2n);
    const factor = world.rank < 2 ? 0x7fffffff : 1;
    same(world.allreduce(Int32Array.of(factor), 'prod')[0], 1);
  },

  'allreduce: all ranks get the same bits of a floating-point sum'(world) {
    const values = new Float64Array(2000);
    for (let i = 0; i < values.length; i++) values[i] = Math.sin(1 + i + 2000 * world.rank) * 10 ** ((i % 30) - 15);
    world.allreduce(values);
    const bits = new BigUint64Array(values.buffer);
    const [low, high] = [bits.slice(), bits.slice()];
    same(world.allreduce(low, 'min'), world.allreduce(high, 'max'), 'bits');
  },

  'allreduce: a view into a larger buffer leaves the rest alone'(world) {
    const all = new Float64Array(10).fill(-1);
    const view = all.subarray(3, 6).fill(world.rank);
    world.allreduce(view);
    const total = (world.size * (world.size - 1)) / 2;
    same(all, Float64Array.of(-1, -1, -1, total, total, total, -1, -1, -1, -1));
  },

  'reduce: changes the root only'(world) {
    for (let root = 0; root < world.size; root++) {
      for (const Type of [Float64Array, Int32Array, BigUint64Array]) {
        const buf = block(Type, world.rank, 7);
        world.reduce(buf, 'sum', root);
        const expected = world.rank === root ? reduced(Type, world.size, 7, 'sum') : block(Type, world.rank, 7);
        same(buf, expected, `reduce ${Type.name} to ${root}`);
      }
    }
    const long = new Float64Array(LONG).fill(1);
    world.reduce(long, 'sum', world.size - 1);
    same(long[LONG - 1], world.rank === world.size - 1 ? world.size : 1);
  },

  'shared memory and WebAssembly memory travel like any other'(world) {
    // A page that is not isolated has no shared memory.
    const memory = typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(80) : new ArrayBuffer(80);
    const shared = new Float64Array(memory).fill(world.rank);
    same(world.bcast(shared, world.size - 1)[9], world.size - 1);
    const wasm = new Float64Array(new WebAssembly.Memory({ initial: 1 }).buffer, 16, 4).fill(1);
    same(world.allreduce(wasm)[3], world.size);
  },

  'wrong arguments: an error before any communication, on the rank that made it'(world) {
    fails(() => world.bcast([1, 2, 3]), 'ERR_BUFFER');
    fails(() => world.bcast(new DataView(new ArrayBuffer(8))), 'ERR_BUFFER');
    fails(() => world.bcast(new Uint8ClampedArray(2)), 'ERR_BUFFER');
    fails(() => world.bcast(null), 'ERR_BUFFER');
    fails(() => world.bcast(new Float64Array(1), world.size), 'ERR_ROOT');
    fails(() => world.bcast(new Float64Array(1), -1), 'ERR_ROOT');
    fails(() => world.bcast(new Float64Array(1), 0.5), 'ERR_ROOT');
    fails(() => world.allreduce(new Float64Array(1), 'average'), 'ERR_OP');
    fails(() => world.allreduce(new Float64Array(1), 'band'), 'ERR_OP');
    fails(() => world.reduce(new Float32Array(1), 'lor'), 'ERR_OP');
    const detached = new Float64Array(4);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    fails(() => world.bcast(detached), 'ERR_BUFFER');
    const error = fails(() => world.bcast(new Float64Array(1), 99), 'ERR_ROOT');
    same([error.call, error.rank, error.rawCode], ['bcast', world.rank, 0]);
    world.barrier();
  },
};
