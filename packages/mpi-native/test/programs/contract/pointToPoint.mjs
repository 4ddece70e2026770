import { ANY_SOURCE, ANY_TAG, PROC_NULL } from '../../../dist/index.js';
import { ARRAYS, block, fails, LENGTHS, same } from './expect.mjs';

const MEGABYTE = 131_072; // doubles; far above every eager limit

export const pointToPoint = {
  'send and recv: every type and length, along a chain'(world) {
    const { rank, size } = world;
    for (const Type of ARRAYS) {
      for (const length of LENGTHS) {
        const buf = new Type(length);
        if (rank > 0) {
          const status = world.recv(buf, rank - 1, 5);
          same(status, { source: rank - 1, tag: 5, count: length });
          same(buf, block(Type, 9, length), `recv ${Type.name} ${length}`);
        }
        if (rank + 1 < size) world.send(block(Type, 9, length), rank + 1, 5);
      }
    }
  },

  'recv: a shorter message is fine, and leaves the rest of the buffer alone'(world) {
    if (world.size < 2) return;
    if (world.rank === 0) world.send(Float64Array.of(1, 2), 1);
    if (world.rank === 1) {
      const buf = new Float64Array(4).fill(-1);
      same(world.recv(buf, 0).count, 2);
      same(buf, Float64Array.of(1, 2, -1, -1));
    }
  },

  'recv: a longer message is ERR_TRUNCATE'(world) {
    if (world.size < 2) return;
    if (world.rank === 0) world.send(new Float64Array(5), 1, 3);
    if (world.rank === 1) fails(() => world.recv(new Float64Array(2), 0, 3), 'ERR_TRUNCATE');
  },

  'recv: tags select, wildcards take what comes, order within a tag is kept'(world) {
    const { rank, size } = world;
    if (size < 2) return;
    if (rank === 0) {
      const buf = new Int32Array(1);
      const seen = [];
      for (let i = 1; i < size; i++) {
        const status = world.recv(buf, ANY_SOURCE, 32_767);
        same([status.tag, buf[0]], [32_767, 100 * status.source]);
        seen.push(status.source);
      }
      same(
        seen.sort((a, b) => a - b),
        Array.from({ length: size - 1 }, (_, i) => i + 1),
      );
      for (let source = 1; source < size; source++) {
        const first = world.recv(buf, source, ANY_TAG);
        same([first.tag, buf[0]], [0, source]);
        const second = world.recv(buf, source);
        same([second.tag, buf[0]], [0, source + 1000]);
      }
    } else {
      world.send(Int32Array.of(rank), 0, 0);
      world.send(Int32Array.of(rank + 1000), 0, 0);
      world.send(Int32Array.of(100 * rank), 0, 32_767);
    }
    world.barrier();
  },

  'recv: bytes that are not whole elements are ERR_TYPE, and so is an object, which waits for recvObject'(world) {
    const { rank, size } = world;
    if (world.kind !== 'self' && size < 2) return; // a send to oneself waits for its receive under MPICH
    const sender = size < 2 ? 0 : 1;
    const arrays = [new Uint8Array(100), new Int8Array(25), new Float64Array(100), new Int16Array(20)];
    if (rank === sender) {
      for (const buf of arrays) world.sendObject(buf.constructor.name, 0, 5);
      world.send(new Uint8Array(12), 0, 8);
      world.send(Float64Array.of(4), 0, 5);
    }
    if (rank === 0) {
      fails(() => world.recv(new Float64Array(2), sender, 8), 'ERR_TYPE');
      for (const buf of arrays) {
        fails(() => world.recv(buf, sender, 5), 'ERR_TYPE');
        fails(() => world.recv(buf), 'ERR_TYPE'); // as often as one likes
        fails(() => world.irecv(buf, sender).wait(), 'ERR_TYPE');
        same(world.probe(sender), { source: sender, tag: 5, bytes: 25 });
        same(world.iprobe(), { source: sender, tag: 5, bytes: 25 });
        same(world.recvObject(sender, 5).value, buf.constructor.name);
      }
      const number = new Float64Array(1);
      fails(() => world.recvObject(sender, 5), 'ERR_TYPE'); // the numbers stay as well
      same(world.recv(number, sender, 5).count, 1);
      same(number[0], 4);
    }
    world.barrier();
    if (rank === sender) {
      world.sendObject('six', 0, 6);
      if (size > 1) world.sendObject('seven', 0, 7);
      if (size > 1) world.sendrecv(new Uint8Array(25).fill(0x64), 0, new Uint8Array(1), 0, 9);
    }
    if (rank === 0) {
      const receive = world.irecv(new Uint8Array(100), sender, 6);
      fails(() => receive.wait(), 'ERR_TYPE');
      same(world.recvObject(sender, 6).value, 'six');
      if (size > 1) {
        // What is sent goes out all the same, and bytes that look a little like an object are bytes.
        fails(() => world.sendrecv(new Uint8Array(1), PROC_NULL, new Uint8Array(100), 1, 7), 'ERR_TYPE');
        same(world.recvObject(1).value, 'seven');
        same(world.sendrecv(new Uint8Array(1), 1, new Uint8Array(25), 1, 9).count, 25);
      }
    }
    world.barrier();
  },

  'sendrecv: a ring of long messages, and a halo exchange'(world) {
    const { rank, size } = world;
    const right = (rank + 1) % size;
    const left = (rank + size - 1) % size;
    const recv = new Float64Array(MEGABYTE);
    const status = world.sendrecv(new Float64Array(MEGABYTE).fill(rank), right, recv, left, 1);
    same(status, { source: left, tag: 1, count: MEGABYTE });
    same([recv[0], recv[MEGABYTE - 1]], [left, left]);

    const cells = new Float64Array(12).fill(rank);
    world.sendrecv(cells.subarray(10, 11), right, cells.subarray(0, 1), left);
    world.sendrecv(cells.subarray(1, 2), left, cells.subarray(11, 12), right);
    same([cells[0], cells[11]], [left, right]);
  },

  'sendrecv: the two directions may differ in length and type'(world) {
    const { rank, size } = world;
    if (size < 2 || rank > 1) return;
    const send = rank === 0 ? new Float64Array(1000).fill(7) : Uint8Array.of(1, 2, 3);
    const recv = rank === 0 ? new Uint8Array(3) : new Float64Array(1000);
    same(world.sendrecv(send, 1 - rank, recv, 1 - rank).count, recv.length);
    same(recv[2], rank === 0 ? 3 : 7);
  },

  'messages to oneself'(world) {
    const recv = new Float64Array(3);
    same(world.sendrecv(Float64Array.of(1, 2, 3), world.rank, recv, world.rank).count, 3);
    same(recv, Float64Array.of(1, 2, 3));
  },

  'wrong ranks and tags: an error before any communication'(world) {
    const buf = new Float64Array(1);
    fails(() => world.send(buf, world.size), 'ERR_RANK');
    fails(() => world.send(buf, ANY_SOURCE), 'ERR_RANK');
    fails(() => world.send(buf, 0, -1), 'ERR_TAG');
    fails(() => world.send(buf, 0, 32_768), 'ERR_TAG');
    fails(() => world.recv(buf, world.size), 'ERR_RANK');
    fails(() => world.recv(buf, 0, 1.5), 'ERR_TAG');
    fails(() => world.recv('buffer', 0), 'ERR_BUFFER');
    fails(() => world.sendrecv(buf, world.size, buf, 0), 'ERR_RANK');
    world.barrier();
  },
};
