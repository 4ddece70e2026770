import { fails, same } from './expect.mjs';

const cyclic = { name: 'cyclic' };
cyclic.self = cyclic;

/** Values that a codec may lose: the exactness that the package promises for its default codec. */
const EXACT = [
  NaN,
  Infinity,
  -Infinity,
  -0,
  5e-324,
  2n ** 80n,
  -(2n ** 64n),
  undefined,
  null,
  '',
  'lone surrogate \ud800, astral 𝒳',
  new Date(0),
  new Map([
    [1, 'number'],
    ['1', 'string'],
  ]),
  new Set([1, '1', null]),
  [undefined, 1],
  { undefined: undefined, nested: { list: [[]] } },
  Float64Array.of(-0, NaN, 1e-310),
  BigInt64Array.of(-1n),
  new Uint8Array(0),
];

export const objects = {
  'bcastObject: keeps values exactly, from any root'(world) {
    for (let root = 0; root < world.size; root++) {
      const received = world.bcastObject(world.rank === root ? EXACT : undefined, root);
      same(received, EXACT, 'exactness');
      same(Object.is(received[3], -0), true, '-0');
    }
    const holes = world.bcastObject(Object.assign(new Array(3), { 0: 1 }));
    same(1 in holes, false, 'holes');
    const ring = world.bcastObject(cyclic);
    same(ring.self === ring, true, 'cycles');
    const shared = world.bcastObject([cyclic, cyclic]);
    same(shared[0] === shared[1], true, 'shared references');
  },

  'bcastObject: long values'(world) {
    const value =
      world.rank === 0 ? { numbers: new Float64Array(200_000).fill(3), text: 'x'.repeat(100_000) } : undefined;
    const received = world.bcastObject(value);
    same([received.numbers.length, received.numbers[199_999], received.text.length], [200_000, 3, 100_000]);
  },

  'objects: arrays in them stay as they are when the next object arrives'(world) {
    const { rank, size } = world;
    // The text before an array moves it through the message, so that it is aligned for some of these.
    for (let shift = 0; shift < 8; shift++) {
      const values = Array.from({ length: size }, (_, from) => ({
        before: 'x'.repeat(shift),
        doubles: new Float64Array(40).fill(from + 0.1),
        ints: new Int32Array(40).fill(from),
        bytes: new Uint8Array(40).fill(from),
      }));
      if (rank === 0 && size > 1) world.sendObject(values[0], size - 1);
      const received = {
        recv: rank > 0 && rank === size - 1 ? world.recvObject(0).value : values[0],
        bcast: world.bcastObject(rank === 0 ? values[0] : undefined),
        scatter: world.scatterObject(rank === 0 ? values : null),
        gather: world.gatherObject(values[rank]),
        allgather: world.allgatherObject(values[rank]),
        reduce: world.allreduceObject(values[rank], (lower) => lower),
      };
      world.allgatherObject('y'.repeat(900));
      const expected = {
        recv: values[0],
        bcast: values[0],
        scatter: values[rank],
        gather: rank === 0 ? values : null,
        allgather: values,
        reduce: values[0],
      };
      // One by one: a page's comparison tells two references to one value from two equal values.
      for (const [call, value] of Object.entries(received)) {
        same(value, expected[call], `${call}, ${shift} characters before them`);
      }
    }
  },

  'gatherObject and allgatherObject: one value per rank, in rank order'(world) {
    const value = { rank: world.rank, list: Array(world.rank).fill('x') };
    const expected = Array.from({ length: world.size }, (_, rank) => ({ rank, list: Array(rank).fill('x') }));
    for (let root = 0; root < world.size; root++) {
      same(world.gatherObject(value, root), world.rank === root ? expected : null);
    }
    same(world.allgatherObject(value), expected);
  },

  'scatterObject: gives each rank its own'(world) {
    for (let root = 0; root < world.size; root++) {
      const values = Array.from({ length: world.size }, (_, rank) => ({ for: rank, list: Array(rank).fill(0.5) }));
      const own = world.scatterObject(world.rank === root ? values : null, root);
      same(own, values[world.rank]);
    }
  },

  'reduceObject and allreduceObject: fold in rank order, with a tree that depends on the size only'(world) {
    const text = Array.from({ length: world.size }, (_, rank) => String(rank)).join('');
    for (let root = 0; root < world.size; root++) {
      const folded = world.reduceObject(String(world.rank), (lower, higher) => lower + higher, root);
      same(folded, world.rank === root ? text : null);
    }
    same(
      world.allreduceObject(String(world.rank), (lower, higher) => lower + higher),
      text,
    );
    const shape = world.allreduceObject(String(world.rank), (lower, higher) => `(${lower}${higher})`);
    const shapes = { 1: '0', 2: '(01)', 3: '((01)2)', 4: '((01)(23))', 5: '(((01)(23))4)' };
    if (world.size in shapes) same(shape, shapes[world.size]);
  },

  'sendObject and recvObject: with wildcards, and between other messages'(world) {
    const { rank, size } = world;
    if (size < 2) return;
    if (rank === 0) {
      for (let i = 1; i < size; i++) {
        const { value, status } = world.recvObject();
        same(value, new Map([[status.source, 'from']]));
        same(status.tag, status.source);
      }
    } else {
      world.sendObject(new Map([[rank, 'from']]), 0, rank);
    }
    world.barrier();
    for (const length of [2, 60]) {
      if (rank === 1) world.send(new Float64Array(length), 0, 9);
      if (rank === 0) {
        fails(() => world.recvObject(1, 9), 'ERR_TYPE');
        same(world.recv(new Float64Array(60), 1, 9).count, length); // it is still there
      }
    }
    world.barrier();
  },

  'a value that cannot be encoded: ERR_REMOTE on every rank, and the communicator still works'(world) {
    const bad = world.size - 1;
    const value = world.rank === bad ? () => 'a function' : 'fine';
    for (const action of [
      () => world.bcastObject(value, bad),
      () => world.gatherObject(value),
      () => world.allgatherObject(value),
      () => world.scatterObject(world.rank === bad ? Array(world.size).fill(value) : null, bad),
      () => world.reduceObject(value, (lower) => lower),
      () => world.allreduceObject(value, (lower) => lower),
    ]) {
      if (world.size === 1 && String(action).includes('educe')) continue; // nothing is encoded for one rank
      const error = fails(action, 'ERR_REMOTE');
      same(error.message.includes(`rank ${bad} failed`), true, error.message);
      same(error.cause !== undefined, world.rank === bad, 'cause');
    }
    if (world.size > 1) {
      if (world.rank === bad) fails(() => world.sendObject(value, 0, 2), 'ERR_REMOTE');
      if (world.rank === 0) fails(() => world.recvObject(bad, 2), 'ERR_REMOTE');
    }
    same(world.bcastObject('still here'), 'still here');
  },

  'an error in combine: every rank throws'(world) {
    if (world.size < 2) return;
    const combine = () => {
      throw new Error('cannot combine');
    };
    const error = fails(() => world.allreduceObject(1, combine), 'ERR_REMOTE');
    same(error.message.includes('rank 0 failed') || world.size > 2, true, error.message);
    fails(() => world.reduceObject(1, combine), 'ERR_REMOTE');
  },

  'scatterObject: a wrong number of values is an error on every rank'(world) {
    fails(() => world.scatterObject(world.rank === 0 ? [1, 2, 3, 4, 5, 6, 7] : null), 'ERR_REMOTE');
    fails(() => world.scatterObject(null), 'ERR_REMOTE');
  },
};
