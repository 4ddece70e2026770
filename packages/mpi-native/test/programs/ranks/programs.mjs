// Functions for the ranks of spawnRanks: what they do is in their names.
import { getWorld } from '../../../dist/index.js';

const forever = () => {
  for (;;) Math.sqrt(Math.PI);
};
const isCulprit = (comm) => comm.rank === comm.size - 1;

export default ({ comm, data, report }) => {
  report({ rank: comm.rank });
  const sums = comm.allreduce(Float64Array.of(comm.rank, 1));
  return { size: comm.size, kind: comm.kind, sums: Array.from(sums), data };
};

export const sameWorld = ({ comm }) => getWorld() === comm;

export const sumOfShared = ({ comm, data }) => {
  const { rows } = data;
  let own = 0;
  for (let i = comm.rank; i < rows.length; i += comm.size) own += rows[i];
  return { sum: comm.allreduce(Float64Array.of(own))[0], isShared: rows.buffer instanceof SharedArrayBuffer };
};

class Model {
  mu = 3;
}

/** One rank does this, the others wait for it. */
export async function fail({ comm, data, report }) {
  const culprit = isCulprit(comm);
  switch (culprit ? data : 'wait') {
    case 'wait':
      comm.barrier();
      break;
    case 'throw':
      throw Object.assign(new RangeError('boom', { cause: new TypeError('below') }), { row: 7 });
    case 'throw a string':
      throw 'boom as a string';
    case 'reject unheard':
      Promise.reject(new Error('boom that nobody awaits'));
      await new Promise((done) => setTimeout(done, 20_000));
      break;
    case 'throw in a timer':
      setTimeout(() => {
        throw new Error('boom in a timer');
      }, 1);
      await new Promise((done) => setTimeout(done, 20_000));
      break;
    case 'exit 3':
      process.exit(3);
      break;
    case 'exit 0':
      process.exit(0);
      break;
    case 'abort 7':
      comm.abort(7, 'out of cheese');
      break;
    case 'return early':
      return;
    case 'never settle':
      await new Promise(() => {});
      break;
    case 'loop for ever':
      forever();
      break;
    case 'run out of memory':
      for (const all = []; ; ) all.push(new Array(1e6).fill(all.length));
    case 'mismatch':
      comm.allreduce(new Float64Array(3));
      break;
    case 'report a function':
      report({ found: [() => 1] });
      break;
    case 'send a function':
      comm.sendObject(() => 1, 0);
      break;
    case 'throw an error with a model':
      throw Object.assign(new Error('boom with a model'), { model: new Model(), row: 3 });
  }
  comm.barrier();
}

/** All ranks do this. */
export const everywhere = ({ comm, data }) => {
  if (data === 'throw') throw new Error(`boom on rank ${comm.rank}`);
  if (data === 'exit 0') process.exit(0);
  if (data === 'exit 4') process.exit(4);
  if (data === 'return a model') return { model: new Model() };
  if (data === 'return a function') return () => 1;
  if (data === 'loop for ever') forever();
  if (data === 'keep the event loop busy') setInterval(() => {}, 10);
  return data;
};

export const count = ({ data, report }) => {
  for (let i = 0; i < data; i++) report(i);
};

/** Goes on until somebody ends it. */
export const goOn = async ({ comm, report }) => {
  for (let i = 0; ; i++) {
    report(i);
    comm.barrier();
    await new Promise((done) => setTimeout(done, 1));
  }
};

export const failHere = ({ comm, data }) => {
  if (data[0] === 'abort') comm.abort(7, 'out of cheese');
  throw new RangeError('boom');
};

/** Counts until it is asked to stop: all ranks end together. */
export const countUntilStopped = async ({ comm, report, stop }) => {
  for (let i = 0; ; i++) {
    if (i === 2) report(i);
    const asked = comm.allreduce(Int32Array.of(stop.aborted ? 1 : 0), 'max')[0];
    if (asked === 1) return { count: i, size: comm.size };
    await new Promise((done) => setImmediate(done));
  }
};
