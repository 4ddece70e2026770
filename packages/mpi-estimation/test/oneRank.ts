import type { Algorithm, Columns, Communicator, ComponentSearch } from '../src/index.js';

/** A communicator of one rank. */
export const oneRank: Communicator = {
  rank: 0,
  size: 1,
  bcast: (buffer) => buffer,
  gatherv: (sent, received) => received?.set(sent),
  bcastObject: <V>(value: V | undefined) => structuredClone(value) as V,
  allgatherObject: (value) => [structuredClone(value)],
  gatherObject: (value) => [structuredClone(value)],
  send: () => {
    throw new Error('one rank has nobody to send to');
  },
  recv: () => {
    throw new Error('one rank has nobody to receive from');
  },
  sendObject: () => {
    throw new Error('one rank has nobody to send to');
  },
  recvObject: () => {
    throw new Error('one rank has nobody to receive from');
  },
};

/** Numbers as they are. */
export interface Numbers extends Columns {
  readonly x: Float64Array;
}

/** A model of numbers: their mean. */
export interface Mean {
  readonly mu: number;
}

/** Fits the mean of a Gaussian of variance 1, each step half the way, so that a fit takes a while. */
export function halfWay(): Algorithm<number, Mean, Numbers> {
  const logDensity = (mu: number, x: number) => -0.5 * (Math.log(2 * Math.PI) + (x - mu) ** 2);
  return {
    estimator: { name: 'half way' },
    segments: { count: () => 4, start: (rowCount, segment) => Math.floor((rowCount * segment) / 4) },
    stopping: {
      check: () => {},
      decide(path, { maxIterations = 100, delta }) {
        const { iteration, change, logLikelihood } = path.at(-1)!;
        if (Number.isNaN(logLikelihood)) throw new Error('the log-likelihood is NaN.');
        if (delta !== null && change < 1e-9) return { stop: 'converged', best: iteration };
        return { stop: iteration >= maxIterations ? 'maxIterations' : undefined, best: iteration };
      },
    },
    trialSeed: (seed, trial) => `${seed}/${trial}`,
    foldOf: (_seed, foldCount) => (row) => row % foldCount,
    encode(rows, firstRow = 0) {
      const bad = rows.findIndex((x) => !Number.isFinite(x));
      if (bad >= 0) throw Object.assign(new Error(`row ${firstRow + bad} is ${rows[bad]}.`), { row: firstRow + bad });
      return { rowCount: rows.length, x: Float64Array.from(rows) };
    },
    slice: ({ x }, start, end) => ({ rowCount: end - start, x: x.subarray(start, end) }),
    take: ({ x }, rows) => ({ rowCount: rows.length, x: Float64Array.from(rows, (row) => x[row]!) }),
    concat: (parts) => {
      const x = Float64Array.from(parts.flatMap((part) => [...part.x]));
      return { rowCount: x.length, x };
    },
    startRows: (_rowCount, _firstRow, count) => Int32Array.from({ length: count }, (_, i) => i),
    start: ({ x }) => ({ mu: x[0]! }),
    steps: () => ({
      statisticLength: 3,
      expectation(model, { x }, start, end, weights) {
        const statistic = new Float64Array(3);
        for (let i = start; i < end; i++) {
          const w = weights?.[i] ?? 1;
          statistic[0]! += w * logDensity(model.mu, x[i]!);
          statistic[1]! += w;
          statistic[2]! += w * x[i]!;
        }
        return statistic;
      },
      combine: (left, right) => (left as Float64Array).map((value, i) => value + (right as Float64Array)[i]!),
      likelihood: (statistic) => {
        const [logLikelihood, weight] = statistic as Float64Array;
        return { logLikelihood: logLikelihood!, weight: weight! };
      },
      maximization(model, statistic) {
        const [, weight, sum] = statistic as Float64Array;
        return { model: { mu: (model.mu + sum! / weight!) / 2 }, findings: [] };
      },
      release: () => {},
    }),
    seqLogDensity: ({ mu }, { x }, start, end, out) => {
      for (let i = start; i < end; i++) out[i - start] = logDensity(mu, x[i]!);
    },
  };
}

/** Plain data as JSON text. */
export const jsonCodec = {
  id: 'json',
  // JSON has no NaN, and the first change on a path is one.
  encode: (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value, (_, v) => (Number.isNaN(v) ? { isNaN: true } : v))),
  decode: (bytes: Uint8Array): unknown =>
    JSON.parse(new TextDecoder().decode(bytes), (_, v) => (v?.isNaN === true ? Number.NaN : v)),
};

/** The search for a number of "components" of one algorithm, each of which costs a nat: one is best. */
export function searchOf<T, D, C extends Columns>(algorithm: Algorithm<T, D, C>): ComponentSearch<T, D, C> {
  return {
    check: () => {},
    algorithm: () => algorithm,
    sumsLength: 1,
    sums: (_count, model, columns, start, end) => {
      const scores = new Float64Array(end - start);
      algorithm.seqLogDensity(model, columns, start, end, scores);
      return Float64Array.of(scores.reduce((sum, score) => sum + score, 0));
    },
    row(componentCount, _model, sums, counts) {
      const logLikelihood = sums?.[0] ?? Number.NaN;
      const bic = componentCount - logLikelihood;
      const criteria = { aic: bic, bic, caic: bic, sabic: bic };
      return { componentCount, logLikelihood, parameterCount: componentCount, weight: 1, n: 1, ...criteria, ...counts };
    },
    decide(table, { to }) {
      const bics = table.map(({ bic }) => bic).filter((bic) => !Number.isNaN(bic));
      const best = bics.length === 0 ? -1 : table.findIndex(({ bic }) => bic === Math.min(...bics));
      return { best, ended: table.at(-1)!.componentCount >= to ? 'to' : undefined };
    },
  };
}
