// The encoder of Categorical, on the strings in a file, once for each line read. Started by run.mjs. See pandas_factorize.py.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { cpuNanoseconds, participate } from '../participant.mjs';

/** Milliseconds in which memory is swept. */
const SWEEP = 100;

const { CategoricalEstimator } = await import(process.env.DML_STATS ?? '@dml/stats');
const text = readFileSync(process.argv[2], 'latin1');
let column = text.split('\n');
await participate(async (request) => {
  // A new text for each split: V8 remembers the parts of a text that it has split before.
  if (request === 'fresh') {
    column = `${text}\n`.split('\n').slice(0, -1);
    // What building the column left behind is not the encoder's: other threads free it after the collection.
    globalThis.gc();
    await setTimeout(SWEEP);
  }
  const before = process.cpuUsage();
  const { codes, levels } = new CategoricalEstimator().encoder().encode(column);
  return { nanoseconds: cpuNanoseconds(before), levels: levels.length, last: codes[codes.length - 1] };
});
