// One rank (`culprit`) misbehaves, the others wait in a barrier. argv: scenario, culprit.
import { workerData } from 'node:worker_threads';
import { finalize, getWorld, MpiError, runMpi } from '../../dist/index.js';

const [scenario, culprit = '1', ownSettings = '{}'] = process.argv.slice(2);
// Ranks of other hosts have an environment of their own: here the culprit has.
const launched = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK ?? workerData?.['@dml/mpi-native'].rank;
if (String(launched) === culprit) Object.assign(process.env, JSON.parse(ownSettings));
const world = getWorld();
const isCulprit = world.rank === Number(culprit);
const wait = () => world.barrier();
const report = (facts = {}) => console.log(JSON.stringify({ rank: world.rank, ...facts }));
const compute = (milliseconds) => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) Math.sqrt(Math.PI);
};
const MEGABYTE = 131_072; // doubles
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
      report();
    });
    if (isCulprit) throw new Error('recoverable');
    wait();
    report();
  },
  'exit 0 everywhere'() {
    report();
    process.exit(0);
  },
  'finish late'() {
    // Longer than the closing handshake allows for a rank that hangs: but this one computes.
    if (isCulprit) compute(3000);
    report();
  },
  'lose a rejection'() {
    return runMpi(() => {
      if (isCulprit) Promise.reject(new Error('boom that nobody awaits'));
      wait();
    });
  },
  'throw after runMpi'() {
    setTimeout(() => {
      if (isCulprit) throw new Error('boom after the end');
    }, 300);
    return runMpi(wait);
  },
  'throw after finalize'() {
    finalize();
    if (isCulprit) Promise.reject(new Error('boom after finalize'));
  },
  async 'reject an error of another rank'() {
    if (isCulprit) await new Promise((done) => setTimeout(done, 1000));
    throw Object.assign(new Error('boom known to all'), { rank: Number(culprit) });
  },
  'stay idle after the end'() {
    if (isCulprit) setInterval(() => {}, 1000);
  },
  async 'run two parts'() {
    const parts = [];
    await runMpi(async (comm) => {
      parts.push(comm.allreduce(Int32Array.of(1))[0]);
    });
    await runMpi(async (comm) => {
      parts.push(comm.allreduce(Int32Array.of(2))[0]);
    });
    report({ parts });
  },
  'use it after finalize'() {
    finalize();
    const uses = [() => world.barrier(), () => world.send(new Float64Array(1), 0), () => world.allgatherObject(1)];
    const codes = uses.map((use) => {
      try {
        use();
      } catch (error) {
        return error instanceof MpiError ? error.code : String(error);
      }
      return 'nothing was thrown';
    });
    report({ codes });
  },
  'compare after opening'() {
    world.allreduce(new Float64Array(isCulprit ? 5 : 6));
  },
  'open the world'() {
    wait();
    report();
  },
  async 'promise what nobody sends'() {
    if (isCulprit) await world.irecv(new Float64Array(1), 0, 9).promise();
  },
  async 'wait for each other in promises'() {
    await world.irecv(new Float64Array(1), (world.rank + 1) % world.size, 9).promise();
  },
  async 'promise, then compute'() {
    const buf = new Float64Array(1);
    if (isCulprit) {
      const received = world.irecv(buf, 0, 9).promise();
      await new Promise((done) => setTimeout(done, 300));
      compute(3500); // the message comes meanwhile, and its sender ends
      await received;
    } else if (world.rank === 0) {
      await new Promise((done) => setTimeout(done, 600));
      world.send(Float64Array.of(1), Number(culprit), 9);
    }
    report();
  },
  async 'throw while others await promises'() {
    if (!isCulprit) await world.irecv(new Float64Array(1), Number(culprit), 9).promise();
    await new Promise((done) => setTimeout(done, 300));
    throw new Error('boom while others await');
  },
  async 'end while others sum up'() {
    if (!isCulprit) await world.iallreduce(new Float64Array(1)).promise();
  },
  'wait for what nobody sends'() {
    if (isCulprit) world.irecv(new Float64Array(1), 0, 9).wait();
  },
  'probe what nobody sends'() {
    if (isCulprit) world.probe(0, 9);
  },
  'start what nobody receives'() {
    if (isCulprit) world.isend(new Float64Array(MEGABYTE), 0, 9);
  },
  'start a sum alone'() {
    if (isCulprit) world.iallreduce(new Float64Array(1));
  },
  'leave a receive'() {
    if (isCulprit) world.irecv(new Float64Array(1), 0, 9);
    report();
  },
  'finish with messages on their way'() {
    // Both ends have started, and only the receiver waits.
    if (isCulprit) world.isend(new Float64Array(MEGABYTE).fill(3), 0, 9);
    if (world.rank === 0) {
      const buf = new Float64Array(MEGABYTE);
      world.irecv(buf, Number(culprit), 9).wait();
      report({ last: buf[MEGABYTE - 1] });
    } else report();
  },
  'throw in a function of a reduction'() {
    world.allreduce(new Float64Array(2), () => {
      throw new TypeError('boom in a function');
    });
  },
  'gather objects while others broadcast'() {
    if (isCulprit) world.gatherObject({ from: world.rank });
    else world.bcastObject({ from: world.rank });
    wait();
  },
  'be killed'() {
    world.barrier();
    report({ pid: process.pid });
    if (isCulprit) forever();
    wait();
  },
};

const run = scenarios[scenario];
if (run === undefined) throw new Error(`no scenario "${scenario}"`);
await run();
