// One rank of a measured scatter: node scatter.mjs <rows> <repeats> [package]. Rank 0 has all rows; it prints a line of JSON: the
// median seconds of agreeing on their description and moving them, and of copying the bytes that move.
import { pathToFileURL } from 'node:url';
import * as native from '../../packages/mpi-native/dist/index.js';
import * as stats from '../../packages/stats/dist/index.js';

const [rowCount, repeats, path = '../../packages/mpi-estimation/dist/index.js'] = process.argv.slice(2);
const { seqEncodeMpi } = await import(path.startsWith('.') ? path : pathToFileURL(path).href);

await native.runMpi(async (comm) => {
  const component = new stats.CompositeEstimator([new stats.GaussianEstimator(), new stats.CategoricalEstimator()]);
  const algorithm = stats.em(new stats.MixtureEstimator([component, component]));
  const rows = Array.from({ length: Number(rowCount) }, (_, i) => [Math.sin(i), i % 3 === 0 ? 'a' : 'b']);
  const encoded = algorithm.encode(rows);
  // Encoding is another phase: these ranks find their rows encoded.
  const ready = { ...algorithm, encode: (own) => (own === rows ? encoded : algorithm.encode(own)) };
  const times = [];
  const kept = [];
  for (let repeat = 0; repeat < Number(repeats); repeat++) {
    comm.barrier();
    const started = performance.now();
    kept.push(await seqEncodeMpi(comm.rank === 0 ? rows : null, ready, { comm }));
    comm.barrier();
    times.push((performance.now() - started) / 1000);
  }
  if (comm.rank !== 0) return;
  // What moving must cost: as many bytes into memory that was never touched.
  const arrays = arraysOf(algorithm.slice(encoded, 0, encoded.rowCount / comm.size));
  const copies = [];
  for (let repeat = 0; repeat < Number(repeats); repeat++) {
    const started = performance.now();
    for (const array of arrays) kept.push(array.slice());
    copies.push((performance.now() - started) / 1000);
  }
  const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const [seconds, copy] = [times, copies].map(median);
  console.log(JSON.stringify({ seconds, copy, bytes, ratio: seconds / copy }));
});

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function arraysOf(value) {
  if (ArrayBuffer.isView(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arraysOf) : [];
}
