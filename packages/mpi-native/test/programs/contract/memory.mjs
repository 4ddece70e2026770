// Arrays that are used again. A transport may remember where an array is, but only for as long as it stays there.
import { block, fails, reduced, same } from './expect.mjs';

/** Every call that takes one buffer, on `buf`, between this rank and itself or among all. */
function useAll(world, buf) {
  const fresh = block(Float64Array, world.rank, buf.length);
  buf.set(fresh);
  same(world.bcast(buf, 0), block(Float64Array, 0, buf.length), 'bcast');
  buf.set(fresh);
  const sum = reduced(Float64Array, world.size, buf.length, 'sum');
  same(world.allreduce(buf), sum, 'allreduce');
  buf.set(fresh);
  world.reduce(buf, 'sum', 0);
  same(buf, world.rank === 0 ? sum : fresh, 'reduce');
  if (world.size < 2 || world.rank > 1) return;
  buf.set(fresh);
  if (world.rank === 0) {
    world.send(buf, 1, 3);
    world.recv(buf, 1, 4);
  } else {
    const mine = buf.slice();
    world.recv(buf, 0, 3);
    world.send(mine, 0, 4);
  }
  same(buf, block(Float64Array, 1 - world.rank, buf.length), 'send and recv');
}

export const memory = {
  'one array in every call, many times'(world) {
    const buf = new Float64Array(3);
    for (let i = 0; i < 50; i++) useAll(world, buf);
  },

  'arrays that take turns, of one memory and of several'(world) {
    const all = new Float64Array(12);
    const arrays = [all.subarray(0, 3), all.subarray(3, 6), all.subarray(0, 6), new Float64Array(2), all];
    for (let i = 0; i < 50; i++) useAll(world, arrays[(i * i) % arrays.length]);
  },

  'an array used before an error, and after it'(world) {
    const buf = new Float64Array(2);
    useAll(world, buf);
    const freed = world.dup();
    freed.free();
    fails(() => freed.allreduce(buf), 'ERR_COMM');
    fails(() => freed.allreduce(new Float64Array(4)), 'ERR_COMM');
    fails(() => freed.send(new Float64Array(4), 0), 'ERR_COMM');
    useAll(world, buf);
  },

  'an array whose memory was given away is refused, and a new one is not taken for it'(world) {
    const buf = new Float64Array(4);
    useAll(world, buf);
    structuredClone(buf, { transfer: [buf.buffer] });
    for (const call of [() => world.bcast(buf), () => world.allreduce(buf), () => world.send(buf, 0)]) {
      fails(call, 'ERR_BUFFER');
    }
    useAll(world, new Float64Array(4));
  },

  'memory that grows: WebAssembly and resizable buffers'(world) {
    const wasm = new WebAssembly.Memory({ initial: 1 });
    const before = new Float64Array(wasm.buffer, 64, 3);
    useAll(world, before);
    wasm.grow(1);
    fails(() => world.allreduce(before), 'ERR_BUFFER');
    useAll(world, new Float64Array(wasm.buffer, 64, 3));

    const resizable = new ArrayBuffer(64, { maxByteLength: 4096 });
    const tracking = new Float64Array(resizable);
    useAll(world, tracking);
    resizable.resize(4096);
    useAll(world, tracking);
    resizable.resize(16);
    useAll(world, tracking);
    same(tracking.length, 2);
  },

  'arrays that come and go'(world) {
    for (let i = 0; i < 2000; i++) {
      const buf = new Float64Array(1 + (i % 4)).fill(i);
      same(world.allreduce(buf, 'max'), new Float64Array(1 + (i % 4)).fill(i));
    }
  },

  'a property of an array does not change its type'(world) {
    const buf = Uint8Array.of(1, 2, 3);
    Object.defineProperty(buf, Symbol.toStringTag, { value: 'Float64Array' });
    world.allreduce(buf, 'max');
    same([...buf], [1, 2, 3]);
    fails(() => world.bcast({ [Symbol.toStringTag]: 'Float64Array', length: 4 }), 'ERR_BUFFER');
  },
};
