// One rank (`culprit`) misbehaves, the others wait in a barrier. argv: scenario, culprit.
import { finalize, getWorld, runMpi } from '../../dist/index.js';

const [scenario, culprit = '1'] = process.argv.slice(2);
const world = getWorld();
const isCulprit = world.rank === Number(culprit);
const wait = () => world.barrier();
const forever = () => {
  for (;;) Math.sqrt(Math.PI);
};

const scenarios = {
  throw() {
    if (isCulprit) throw new RangeError('boom in the main program');
    wait();
  },
  'throw everywhere'() {
    throw new RangeError('boom everywhere');
  },
  'throw in a timer'() {
    if (isCulprit)
      setTimeout(() => {
        throw new Error('boom in a timer');
      }, 1);
    else wait();
  },
  reject() {
    if (isCulprit) Promise.reject(new Error('boom in a promise'));
    else wait();
  },
  'reject with a string'() {
    if (isCulprit) Promise.reject('boom as a string');
    else wait();
  },
  'overflow the stack'() {
    const recurse = () => recurse() + 1;
    if (isCulprit) recurse();
    wait();
  },
  'reject in runMpi'() {
    return runMpi(async () => {
      if (isCulprit) throw new Error('boom in runMpi');
      wait();
    });
  },
  'exit 3'() {
    if (isCulprit) process.exit(3);
    wait();
  },
  'exit 0 early'() {
    if (isCulprit) process.exit(0);
    wait();
  },
  'return early'() {
    if (!isCulprit) wait();
  },
  'set the exit code and return'() {
    if (isCulprit) process.exitCode = 5;
    else wait();
  },
  'return early while others receive'() {
    if (!isCulprit) world.recv(new Float64Array(1), Number(culprit));
  },
  'return early while others receive from any'() {
    if (world.rank === 0) world.recv(new Float64Array(1));
  },
  'leave a ring'() {
    const { rank, size } = world;
    const [left, right] = [(rank + size - 1) % size, (rank + 1) % size];
    if (!isCulprit) world.sendrecv(new Float64Array(1), right, new Float64Array(1), left);
  },
  'throw on several ranks'() {
    if (world.rank > 0) throw new Error('boom on several ranks');
    wait();
  },
  'finalize early'() {
    if (isCulprit) finalize();
    wait();
  },
  'abort 7'() {
    if (isCulprit) world.abort(7, 'out of cheese');
    wait();
  },
  crash() {
    if (isCulprit) process.kill(process.pid, 'SIGSEGV');
    wait();
  },
  'loop for ever'() {
    if (isCulprit) forever();
    wait();
  },
  'receive what nobody sends'() {
    if (isCulprit) world.recv(new Float64Array(1), 0, 9);
    wait();
  },
  'differ in length'() {
    world.allreduce(new Float64Array(isCulprit ? 5 : 6));
  },
  'differ in call'() {
    if (isCulprit) world.bcast(new Int32Array(3));
    else world.barrier();
  },
  'differ in counts'() {
    const counts = Array(world.size).fill(2);
    const send = new Float64Array(isCulprit ? 3 : 2);
    world.gatherv(send, world.rank === 0 ? new Float64Array(2 * world.size) : null, counts, 0);
  },
  'cannot encode'() {
    world.gatherObject(isCulprit ? () => {} : 1);
  },
  'throw in combine'() {
    world.allreduceObject([world.rank], () => {
      throw new TypeError('boom in combine');
    });
  },
  recover() {
    process.on('uncaughtException', () => {
      wait();
      console.log(JSON.stringify({ rank: world.rank }));
    });
    if (isCulprit) throw new Error('recoverable');
    wait();
    console.log(JSON.stringify({ rank: world.rank }));
  },
  'exit 0 everywhere'() {
    console.log(JSON.stringify({ rank: world.rank }));
    process.exit(0);
  },
  'finish late'() {
    // Longer than the closing handshake allows for a rank that hangs: but this one computes.
    const until = performance.now() + 3000;
    if (isCulprit) while (performance.now() < until) Math.sqrt(Math.PI);
    console.log(JSON.stringify({ rank: world.rank }));
  },
  'be killed'() {
    world.barrier();
    console.log(JSON.stringify({ rank: world.rank, pid: process.pid }));
    if (isCulprit) forever();
    wait();
  },
};

const run = scenarios[scenario];
if (run === undefined) throw new Error(`no scenario "${scenario}"`);
await run();
