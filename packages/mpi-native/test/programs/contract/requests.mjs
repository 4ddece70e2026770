// Calls that go on while the program does something else.
import { ANY_SOURCE, ANY_TAG, PROC_NULL } from '../../../dist/index.js';
import { ARRAYS, block, fails, LENGTHS, reduced, same } from './expect.mjs';

const MEGABYTE = 131_072; // doubles; far above every eager limit
const NOBODY = { source: PROC_NULL, tag: ANY_TAG, count: 0 };

export const requests = {
  async 'isend and irecv: a ring, for every type and length, waited for in any order'(world) {
    const { rank, size } = world;
    const [left, right] = [(rank + size - 1) % size, (rank + 1) % size];
    for (const Type of ARRAYS) {
      for (const length of [...LENGTHS, 1000]) {
        const recv = new Type(length);
        const receive = world.irecv(recv, left, 5);
        const send = world.isend(block(Type, rank, length), right, 5);
        if (length === 1) send.wait();
        const status = length === 7 ? await receive.promise() : receive.wait();
        same(status, { source: left, tag: 5, count: length });
        same(recv, block(Type, left, length), `irecv ${Type.name} ${length}`);
        same([receive.test(), receive.wait()], [true, status]);
        same(await send.promise(), undefined);
        same(send.wait(), undefined);
      }
    }
  },

  async 'isend: long messages to everybody at once, before anybody receives'(world) {
    const { rank, size } = world;
    const others = Array.from({ length: size }, (_, other) => other);
    const sends = others.map((dest) => world.isend(new Float64Array(MEGABYTE).fill(rank), dest, dest));
    const buffers = others.map(() => new Float64Array(MEGABYTE));
    const receives = others.map((source) => world.irecv(buffers[source], source, rank));
    world.barrier();
    await Promise.all(receives.map((request) => request.promise()));
    for (const request of sends) request.wait();
    for (const source of others) same([buffers[source][0], buffers[source][MEGABYTE - 1]], [source, source]);
  },

  'a started message goes on while this rank waits for something else'(world) {
    const { rank, size } = world;
    if (size < 2) return;
    const buf = new Float64Array(MEGABYTE).fill(rank);
    if (rank === 0) {
      const send = world.isend(buf, 1);
      world.barrier();
      send.wait();
    } else if (rank === 1) {
      world.recv(buf, 0);
      same(buf[MEGABYTE - 1], 0);
      world.barrier();
    } else world.barrier();
    if (rank === 0) {
      const receive = world.irecv(buf, 1);
      world.barrier();
      receive.wait();
      same(buf[MEGABYTE - 1], 1);
    } else if (rank === 1) {
      world.send(new Float64Array(MEGABYTE).fill(1), 0);
      world.barrier();
    } else world.barrier();
  },

  'irecv: receives take messages in the order in which they were started, wildcards too'(world) {
    const { rank, size } = world;
    if (size < 2) return;
    if (rank === 0) {
      const buffers = Array.from({ length: 4 }, () => new Int32Array(1));
      const receives = [
        world.irecv(buffers[0], 1, 7),
        world.irecv(buffers[1], ANY_SOURCE, ANY_TAG),
        world.irecv(buffers[2], 1, 8),
        world.irecv(buffers[3], 1, ANY_TAG),
      ];
      world.barrier();
      const statuses = receives.toReversed?.().map((request) => request.wait()) ?? receives.map((r) => r.wait());
      same(
        buffers.map(([value]) => value),
        [71, 80, 81, 72],
      );
      same(statuses.length, 4);
    } else {
      world.barrier();
      if (rank === 1)
        for (const [tag, value] of [
          [7, 71],
          [8, 80],
          [8, 81],
          [7, 72],
        ])
          world.send(Int32Array.of(value), 0, tag);
    }
    world.barrier();
  },

  async 'test: false until the message is there, then true for ever'(world) {
    const { rank, size } = world;
    if (size < 2 || rank > 1) {
      world.barrier();
      return;
    }
    const buf = new Float64Array(2);
    if (rank === 0) {
      const request = world.irecv(buf, 1, 3);
      same(request.test(), false);
      world.barrier();
      while (!request.test());
      same([request.test(), request.wait().count, buf[1]], [true, 2, 5]);
    } else {
      world.barrier();
      world.isend(Float64Array.of(4, 5), 0, 3).wait();
    }
  },

  async 'promises: two asynchronous functions that wait for each other do not block'(world) {
    const { rank, size } = world;
    const [left, right] = [(rank + size - 1) % size, (rank + 1) % size];
    const got = new Float64Array(1);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const receive = async () => (await world.irecv(got, left, 1).promise()).count;
    const send = async () => {
      await new Promise((done) => setTimeout(done, 50));
      await world.isend(Float64Array.of(rank), right, 1).promise();
    };
    const [count] = await Promise.all([receive(), send()]);
    clearInterval(timer);
    same([count, got[0]], [1, left]);
    same(ticks > 0, true, `the event loop went on: ${ticks} ticks`);
  },

  async 'iallreduce: several on their way, for every type, with another array and with locations'(world) {
    const { rank, size } = world;
    for (const Type of [Float64Array, Int8Array, BigInt64Array]) {
      const buffers = LENGTHS.map((length) => block(Type, rank, length));
      const started = buffers.map((buf) => world.iallreduce(buf));
      const send = block(Type, rank, 7);
      const recv = new Type(7);
      started.push(world.iallreduce(send, recv, 'max'));
      const total = world.allreduce(Int32Array.of(1))[0];
      same(total, size);
      const results = [await started[3].promise(), started[2].wait(), started[0].wait(), started[1].wait()];
      same(results[0] === recv && results[1] === buffers[2], true);
      LENGTHS.forEach((length, i) => same(buffers[i], reduced(Type, size, length, 'sum'), `iallreduce ${Type.name}`));
      same(recv, reduced(Type, size, 7, 'max'));
      same(send, block(Type, rank, 7));
    }
    const long = world.iallreduce(new Float64Array(MEGABYTE).fill(rank));
    same(long.wait()[MEGABYTE - 1], (size * (size - 1)) / 2);
    same(world.iallreduce(Float64Array.of(5 - rank, rank), 'minloc').wait(), Float64Array.of(6 - size, size - 1));
    fails(() => world.iallreduce(new Float64Array(1), () => {}), 'ERR_OP');
    fails(() => world.iallreduce(new Float64Array(1), 'band'), 'ERR_OP');
  },

  'iallreduce: ranks may wait for them in different orders'(world) {
    const one = world.iallreduce(Int32Array.of(1));
    const two = world.iallreduce(Int32Array.of(2));
    const order = world.rank % 2 === 0 ? [one, two] : [two, one];
    const sums = order.map((request) => request.wait()[0]);
    same(world.rank % 2 === 0 ? sums : sums.reverse(), [world.size, 2 * world.size]);
  },

  async 'a request that fails says so each time: truncation, and an array that was given away'(world) {
    const { rank, size } = world;
    if (size < 2) return;
    if (rank === 0) {
      const request = world.irecv(new Float64Array(1), 1, 4);
      fails(() => request.wait(), 'ERR_TRUNCATE');
      fails(() => request.wait(), 'ERR_TRUNCATE');
      fails(() => request.test(), 'ERR_TRUNCATE');
      const error = await request.promise().catch((reason) => reason);
      same(error.code, 'ERR_TRUNCATE');
      const buf = new Float64Array(3);
      const lost = world.irecv(buf, 1, 5);
      const kept = structuredClone(buf, { transfer: [buf.buffer] });
      world.barrier();
      fails(() => lost.wait(), world.kind === 'workers' ? 'ERR_TRUNCATE' : 'ERR_BUFFER');
      same(kept.length, 3);
    } else {
      if (rank === 1) world.send(new Float64Array(2), 0, 4);
      world.barrier();
      if (rank === 1) world.send(new Float64Array(3), 0, 5);
    }
    world.barrier();
  },

  'an array in a resizable buffer is refused'(world) {
    const buf = new Float64Array(new ArrayBuffer(16, { maxByteLength: 64 }));
    fails(() => world.isend(buf, 0), 'ERR_BUFFER');
    fails(() => world.irecv(buf, 0), 'ERR_BUFFER');
    fails(() => world.iallreduce(buf), 'ERR_BUFFER');
    fails(() => world.isend(new Float64Array(1), world.size), 'ERR_RANK');
    fails(() => world.irecv(new Float64Array(1), 0, 40_000), 'ERR_TAG');
  },

  'probe and iprobe: what the next message is, without receiving it'(world) {
    const { rank, size } = world;
    if (size < 2) {
      same(world.iprobe(), null);
      if (world.kind === 'self') fails(() => world.probe(), 'ERR_DEADLOCK');
      return;
    }
    if (rank === 1) {
      world.send(new Float64Array(5).fill(9), 0, 3);
      world.send(new Uint8Array(3), 0, 4);
      world.send(new Float64Array(MEGABYTE).fill(2), 0, 6);
    }
    if (rank === 0) {
      same(world.probe(1, 4), { source: 1, tag: 4, bytes: 3 });
      same(world.probe(ANY_SOURCE, 3), { source: 1, tag: 3, bytes: 40 });
      same(world.iprobe(1, 4), { source: 1, tag: 4, bytes: 3 });
      same(world.iprobe(1, 5), null);
      const { source, tag, bytes } = world.probe(1);
      same([tag, bytes], [3, 40]);
      const buf = new Float64Array(bytes / 8);
      same(world.recv(buf, source, tag).count, 5);
      same(buf[4], 9);
      same(world.recv(new Uint8Array(3), 1, 4).count, 3);
      const long = world.probe(1, 6);
      same(long.bytes, 8 * MEGABYTE);
      const last = new Float64Array(MEGABYTE);
      world.recv(last, 1, 6);
      same(last[MEGABYTE - 1], 2);
      same(world.iprobe(), null);
    }
    world.barrier();
  },

  async 'PROC_NULL: nothing is sent, and a receive returns at once'(world) {
    const { rank, size } = world;
    const buf = Float64Array.of(1, 2);
    world.send(buf, PROC_NULL);
    same(world.recv(buf, PROC_NULL), NOBODY);
    same(world.sendrecv(buf, PROC_NULL, buf, PROC_NULL), NOBODY);
    same(world.probe(PROC_NULL), { source: PROC_NULL, tag: ANY_TAG, bytes: 0 });
    same(world.iprobe(PROC_NULL, 3), { source: PROC_NULL, tag: ANY_TAG, bytes: 0 });
    same(await world.isend(buf, PROC_NULL).promise(), undefined);
    same(world.irecv(buf, PROC_NULL).wait(), NOBODY);
    world.sendObject({ lost: true }, PROC_NULL);
    same(world.recvObject(PROC_NULL), { value: undefined, status: NOBODY });
    same(buf, Float64Array.of(1, 2));
    // A line: every rank makes the same calls, those at the border too.
    const [left, right] = [rank === 0 ? PROC_NULL : rank - 1, rank === size - 1 ? PROC_NULL : rank + 1];
    const cells = Float64Array.of(-1, rank, -1);
    same(world.sendrecv(cells.subarray(1, 2), right, cells.subarray(0, 1), left).source, left);
    same(world.sendrecv(cells.subarray(1, 2), left, cells.subarray(2, 3), right).source, right);
    same(cells, Float64Array.of(rank - 1, rank, rank === size - 1 ? -1 : rank + 1));
    fails(() => world.bcast(buf, PROC_NULL), 'ERR_ROOT');
  },
};
