// What a rank does is in its data.
import { runRank } from '../../../dist/browser.js';

runRank(async ({ comm, data, report, stop }) => {
  const { rank, size, kind } = comm;
  if (data?.sum !== undefined) {
    let own = 0;
    for (let i = rank; i < data.sum.length; i += size) own += data.sum[i];
    const isShared = typeof SharedArrayBuffer === 'function' && data.sum.buffer instanceof SharedArrayBuffer;
    return { sum: comm.allreduce(Float64Array.of(own))[0], isShared, size, kind };
  }
  if (rank === size - 1) {
    switch (data) {
      case 'throw':
        throw new RangeError('boom');
      case 'throw in a timer':
        setTimeout(() => {
          throw new Error('boom in a timer');
        }, 1);
        await new Promise(() => {});
        break;
      case 'reject unheard':
        Promise.reject(new Error('boom that nobody awaits'));
        await new Promise(() => {});
        break;
      case 'abort':
        comm.abort(7, 'out of cheese');
        break;
      case 'return a model':
        return { model: new (class Model {})() };
      case 'return early':
        return 1;
      case 'send a function':
        comm.sendObject(() => 1, 0);
        break;
      case 'loop':
        report('looping');
        for (;;) Math.sqrt(Math.PI);
    }
  }
  for (let i = 0; data === 'go on'; i++) {
    if (i === 2) report(i);
    if (comm.allreduce(Int32Array.of(stop.aborted ? 1 : 0), 'max')[0] === 1) return { count: i, size, kind };
    await new Promise((done) => setTimeout(done, 1));
  }
  if (data === 'count') for (let i = 0; i < 50; i++) report(i);
  if (data === 'wait in promises') await comm.irecv(new Float64Array(1), (rank + 1) % size).promise();
  comm.barrier();
  return { size, kind };
});
