// A LogGP-style model of one iteration: seconds to start a message, to move a byte, to add a number.
// Source: Alexandrov, Ionescu, Schauser & Scheiman (1997), LogGP: incorporating long messages into the LogP model.

/** Segments for a number of rows, as @dml/stats cuts them. */
export function segmentCount(rowCount) {
  let count = 64;
  while (rowCount / count > 65_536) count *= 2;
  return count;
}

/** Tree nodes that all ranks together send: the largest aligned ones that cover each rank's run of segments. */
export function nodeCount(segments, ranks) {
  let nodes = 0;
  for (let rank = 0; rank < ranks; rank++) {
    const end = Math.floor((segments * (rank + 1)) / ranks);
    for (let first = Math.floor((segments * rank) / ranks); first < end; nodes++) {
      let size = 1;
      while (first % (2 * size) === 0 && first + 2 * size <= end) size *= 2;
      first += size;
    }
  }
  return nodes;
}

/** Least squares of `seconds = 2 · latency + 2 · bytes · perByte` (one message there, one back), relative errors. */
export function fitWire(points) {
  let [a, b, c, d, e] = [0, 0, 0, 0, 0];
  for (const [bytes, seconds] of points) {
    const w = 1 / seconds ** 2;
    a += 4 * w;
    b += 4 * w * bytes;
    c += 4 * w * bytes ** 2;
    d += 2 * w * seconds;
    e += 2 * w * bytes * seconds;
  }
  const determinant = a * c - b * b;
  return { latency: (d * c - e * b) / determinant, perByte: (a * e - b * d) / determinant };
}

/** Seconds per added number: measured here. */
export function measureAddition() {
  const left = new Float64Array(1e6);
  const right = new Float64Array(1e6).fill(1);
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 20; repeat++) {
    const started = performance.now();
    for (let i = 0; i < left.length; i++) left[i] += right[i];
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  return best / left.length;
}

/** As many numbers the root receives and adds alone, in @dml/mpi-estimation. */
const MAX_FOR_ROOT = 65_536;

/**
 * Seconds of one iteration on `ranks` ranks.
 * @param serial  seconds of one iteration on one rank, M step excluded
 * @param mStep  seconds of the M step, which every rank repeats
 * @returns  `expectation`: E step of the fullest rank; `root`, `pairs`: messages when the root completes the tree, and when ranks
 *   complete it in pairs; `messages`: those of the way that the package takes; `total`
 */
export function predict({ serial, mStep, rowCount, length }, ranks, { latency, perByte, perAddition }) {
  const segments = segmentCount(rowCount);
  const expectation = (serial * Math.ceil(segments / ranks)) / segments;
  const hops = Math.ceil(Math.log2(ranks));
  const bytes = 8 * length;
  const nodes = nodeCount(segments, ranks);
  const answer = hops * (latency + bytes * perByte);
  const root = hops * latency + nodes * (bytes * perByte + length * perAddition) + answer;
  const pairs = hops * (latency + bytes * perByte + length * perAddition) + answer;
  const isPaired = ranks > 2 && nodes * length > MAX_FOR_ROOT && segments >= ranks;
  const messages = isPaired ? pairs : root;
  return { segments, expectation, root, pairs, isPaired, messages, total: expectation + messages + mStep };
}
