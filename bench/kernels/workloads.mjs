// One EM iteration (score, posterior, statistics, log-likelihood) of each workload, out of kernels alone: no
// distributions, no M-step, the same parameters every time. Columns live on the JavaScript heap, as they do in a fit.

const RUN = 1024;
const STRIDE = RUN + 8;

/** Small uniform generator, so that every implementation sees the same numbers. */
function uniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The `count` parts of an array, `length` numbers each. */
function partsOf(array, count, length) {
  return Array.from({ length: count }, (_, k) => array.subarray(k * length, (k + 1) * length));
}

/** Gaussian x Categorical with `levels` levels, K components. */
export function mixedData(rowCount, K, levels) {
  const random = uniform(1);
  const x = new Float64Array(rowCount);
  const codes = new Int32Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const k = Math.floor(random() * K);
    x[i] = 3 * k + normal(random);
    codes[i] = Math.floor(random() * random() * levels);
  }
  const tables = Float64Array.from({ length: K * levels }, () => Math.log(0.2 + random()));
  return { rowCount, K, levels, x, codes, tables, logWeights: new Float64Array(K).fill(-Math.log(K)) };
}

export function mixedIteration(kernels, { rowCount, K, levels, x, codes, tables, logWeights }) {
  const workspace = kernels.workspace();
  const lp = workspace.float64(K * STRIDE);
  const totals = workspace.float64(K);
  const stats = workspace.float64(K * (3 + levels));
  const moments = partsOf(stats, K, 3 + levels);
  const counts = moments.map((part) => part.subarray(3));
  const tableOfAll = workspace.float64(tables.length);
  const table = partsOf(tableOfAll, K, levels);
  const rows = partsOf(lp, K, STRIDE);
  const logW = workspace.float64(K);
  tableOfAll.set(tables);
  logW.set(logWeights);
  const iteration = () => {
    let logLikelihood = 0;
    stats.fill(0);
    for (let start = 0; start < rowCount; start += RUN) {
      const n = Math.min(RUN, rowCount - start);
      for (let k = 0; k < K; k++) {
        const bx = kernels.stage(x, start, n);
        const bc = kernels.stageCodes(codes, start, n);
        kernels.gaussianLogDensity(bx, n, 3 * k, 0.5, -0.9, rows[k]);
        kernels.addGather(table[k], bc, n, rows[k]);
      }
      logLikelihood += kernels.posteriorTotal(lp, STRIDE, K, n, logW, totals);
      for (let k = 0; k < K; k++) {
        const bx = kernels.stage(x, start, n);
        const bc = kernels.stageCodes(codes, start, n);
        kernels.moments(bx, rows[k], n, 3 * k, moments[k]);
        kernels.histogram(bc, rows[k], n, counts[k]);
      }
    }
    return logLikelihood;
  };
  return () => workspace.remember(iteration);
}

export function mixedPlain({ rowCount, K, levels, x, codes, tables, logWeights }) {
  const r = new Float64Array(K);
  const stats = new Float64Array(K * (3 + levels));
  return () => {
    let logLikelihood = 0;
    stats.fill(0);
    for (let i = 0; i < rowCount; i++) {
      let m = -Infinity;
      for (let k = 0; k < K; k++) {
        const d = x[i] - 3 * k;
        const v = -0.9 - d * d * 0.5 + tables[k * levels + codes[i]] + logWeights[k];
        r[k] = v;
        if (v > m) m = v;
      }
      let s = 0;
      for (let k = 0; k < K; k++) {
        r[k] = Math.exp(r[k] - m);
        s += r[k];
      }
      logLikelihood += m + Math.log(s);
      for (let k = 0; k < K; k++) {
        const w = r[k] / s;
        const d = x[i] - 3 * k;
        const at = k * (3 + levels);
        stats[at] += w;
        stats[at + 1] += w * d;
        stats[at + 2] += w * d * d;
        stats[at + 3 + codes[i]] += w;
      }
    }
    return logLikelihood;
  };
}

export function vectorData(rowCount, K, dimension) {
  const random = uniform(2);
  const rows = Float64Array.from({ length: rowCount * dimension }, () => normal(random) * 2);
  const mu = Array.from({ length: K }, () => Float64Array.from({ length: dimension }, () => normal(random)));
  const halfPrecision = new Float64Array(dimension).fill(0.5);
  const factor = Float64Array.from({ length: dimension * dimension }, (_, at) => {
    const i = Math.floor(at / dimension);
    const j = at % dimension;
    return i === j ? 1 : j < i ? 0.1 * normal(random) : 0;
  });
  return {
    rowCount,
    K,
    dimension,
    rows,
    mu,
    halfPrecision,
    factor,
    logWeights: new Float64Array(K).fill(-Math.log(K)),
  };
}

export function vectorIteration(kernels, data, full) {
  const { rowCount, K, dimension, rows, mu, halfPrecision, factor, logWeights } = data;
  const workspace = kernels.workspace();
  const lp = workspace.float64(K * STRIDE);
  const totals = workspace.float64(K);
  const size = full ? 1 + dimension + (dimension * (dimension + 1)) / 2 : 1 + 2 * dimension;
  const stats = workspace.float64(K * size);
  const lpRows = partsOf(lp, K, STRIDE);
  const sums = partsOf(stats, K, size);
  const iteration = () => {
    let logLikelihood = 0;
    stats.fill(0);
    for (let start = 0; start < rowCount; start += RUN) {
      const n = Math.min(RUN, rowCount - start);
      for (let k = 0; k < K; k++) {
        const block = kernels.stageVectors(rows, start, n, dimension);
        if (full) kernels.gaussianVectorLogDensity(block, dimension, n, mu[k], factor, -9, lpRows[k]);
        else kernels.diagonalGaussianLogDensity(block, dimension, n, mu[k], halfPrecision, -9, lpRows[k]);
      }
      logLikelihood += kernels.posteriorTotal(lp, STRIDE, K, n, logWeights, totals);
      for (let k = 0; k < K; k++) {
        const block = kernels.stageVectors(rows, start, n, dimension);
        if (full) kernels.scatter(block, dimension, n, lpRows[k], mu[k], sums[k]);
        else kernels.diagonalMoments(block, dimension, n, lpRows[k], mu[k], sums[k]);
      }
    }
    return logLikelihood;
  };
  return () => workspace.remember(iteration);
}

export function vectorPlain(data, full) {
  const { rowCount, K, dimension, rows, mu, halfPrecision, factor, logWeights } = data;
  const r = new Float64Array(K);
  const y = new Float64Array(dimension);
  const size = full ? 1 + dimension + (dimension * (dimension + 1)) / 2 : 1 + 2 * dimension;
  const stats = new Float64Array(K * size);
  return () => {
    let logLikelihood = 0;
    stats.fill(0);
    for (let i = 0; i < rowCount; i++) {
      const row = i * dimension;
      let m = -Infinity;
      for (let k = 0; k < K; k++) {
        const c = mu[k];
        let q = 0;
        if (full) {
          for (let a = 0; a < dimension; a++) y[a] = rows[row + a] - c[a];
          for (let a = 0; a < dimension; a++) {
            let t = 0;
            for (let b = 0; b <= a; b++) t += factor[a * dimension + b] * y[b];
            q += t * t;
          }
          q *= 0.5;
        } else {
          for (let a = 0; a < dimension; a++) {
            const d = rows[row + a] - c[a];
            q += d * d * halfPrecision[a];
          }
        }
        r[k] = -9 - q + logWeights[k];
        if (r[k] > m) m = r[k];
      }
      let s = 0;
      for (let k = 0; k < K; k++) {
        r[k] = Math.exp(r[k] - m);
        s += r[k];
      }
      logLikelihood += m + Math.log(s);
      for (let k = 0; k < K; k++) {
        const w = r[k] / s;
        const c = mu[k];
        let at = k * size;
        stats[at++] += w;
        for (let a = 0; a < dimension; a++) {
          y[a] = rows[row + a] - c[a];
          stats[at++] += w * y[a];
        }
        for (let a = 0; a < dimension; a++) {
          const wd = w * y[a];
          if (full) for (let b = 0; b <= a; b++) stats[at++] += wd * y[b];
          else stats[at++] += wd * y[a];
        }
      }
    }
    return logLikelihood;
  };
}

/**
 * Sets of at most `tries` of `itemCount` items: half of them from anywhere, half from the share of the row's component.
 * Items of row i are `codes[offsets[i]] … codes[offsets[i + 1] - 1]`.
 */
export function setData(rowCount, K, itemCount, tries) {
  const random = uniform(5);
  const offsets = new Int32Array(rowCount + 1);
  const codes = [];
  const share = itemCount / K;
  for (let i = 0; i < rowCount; i++) {
    const k = Math.floor(random() * K);
    const items = new Set();
    for (let t = 0; t < tries; t++) {
      const u = random();
      items.add(t % 2 === 0 ? Math.floor(u * itemCount) : Math.floor(k * share + u * u * share));
    }
    codes.push(...items);
    offsets[i + 1] = codes.length;
  }
  return { rowCount, K, itemCount, offsets, codes: Int32Array.from(codes) };
}

/** Unit vectors around K directions, in turn. */
export function directionData(rowCount, K, dimension) {
  const random = uniform(6);
  const fill = (row, center) => {
    for (let j = 0; j < dimension; j++) row[j] = normal(random) + (center === undefined ? 0 : 8 * center[j]);
    const length = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    for (let j = 0; j < dimension; j++) row[j] /= length;
    return row;
  };
  const mu = Array.from({ length: K }, () => fill(new Float64Array(dimension)));
  const x = new Float64Array(rowCount * dimension);
  for (let i = 0; i < rowCount; i++) fill(x.subarray(i * dimension, (i + 1) * dimension), mu[i % K]);
  return { rowCount, K, dimension, mu, x };
}

/**
 * Rows of `wordCount` words, each with a count of 1 to 3, of one of `documentCount` documents: row i has the words
 * `words[i * wordCount] …`. And the tables of a start, each row of which sums to 1: P(word | state) and P(state | document).
 */
export function documentData(rowCount, K, valueCount, documentCount, wordCount) {
  const random = uniform(6);
  const words = new Int32Array(rowCount * wordCount);
  const counts = new Float64Array(rowCount * wordCount);
  for (let n = 0; n < words.length; n++) {
    // Rows of like documents have like words.
    const share = Math.floor(n / wordCount) % K;
    const u = random();
    words[n] = Math.floor(random() < 0.5 ? u * valueCount : ((share + u * u) * valueCount) / K);
    counts[n] = 1 + Math.floor(3 * random());
  }
  const table = (rows, columns) =>
    Array.from({ length: rows }, () => {
      const row = Array.from({ length: columns }, () => 0.05 + random());
      const total = row.reduce((sum, p) => sum + p, 0);
      return row.map((p) => p / total);
    });
  const wordTable = table(K, valueCount);
  return {
    rowCount,
    K,
    valueCount,
    documentCount,
    wordCount,
    words,
    counts,
    wordTable,
    stateTable: table(documentCount, K),
  };
}

export function countData(rowCount, K) {
  const random = uniform(3);
  const x = new Float64Array(rowCount);
  const logFactorial = new Float64Array(rowCount);
  const table = [0];
  for (let i = 1; i < 400; i++) table.push(table[i - 1] + Math.log(i));
  for (let i = 0; i < rowCount; i++) {
    const lambda = 2 + 9 * Math.floor(random() * K);
    x[i] = Math.max(0, Math.round(lambda + Math.sqrt(lambda) * normal(random)));
    logFactorial[i] = table[x[i]];
  }
  return { rowCount, K, x, logFactorial, logWeights: new Float64Array(K).fill(-Math.log(K)) };
}

export function countIteration(kernels, { rowCount, K, x, logFactorial, logWeights }) {
  const workspace = kernels.workspace();
  const lp = workspace.float64(K * STRIDE);
  const totals = workspace.float64(K);
  const stats = workspace.float64(2 * K);
  const rows = partsOf(lp, K, STRIDE);
  const sums = partsOf(stats, K, 2);
  const iteration = () => {
    let logLikelihood = 0;
    stats.fill(0);
    for (let start = 0; start < rowCount; start += RUN) {
      const n = Math.min(RUN, rowCount - start);
      for (let k = 0; k < K; k++) {
        const bx = kernels.stage(x, start, n);
        const bf = kernels.stage(logFactorial, start, n);
        const lambda = 2 + 9 * k;
        kernels.bilinearLogDensity(bx, bf, n, Math.log(lambda), -1, -lambda, rows[k]);
      }
      logLikelihood += kernels.posteriorTotal(lp, STRIDE, K, n, logWeights, totals);
      for (let k = 0; k < K; k++) {
        kernels.weightedMean(kernels.stage(x, start, n), rows[k], n, sums[k]);
      }
    }
    return logLikelihood;
  };
  return () => workspace.remember(iteration);
}

export function countPlain({ rowCount, K, x, logFactorial, logWeights }) {
  const r = new Float64Array(K);
  const logLambda = Float64Array.from({ length: K }, (_, k) => Math.log(2 + 9 * k));
  const stats = new Float64Array(2 * K);
  return () => {
    let logLikelihood = 0;
    stats.fill(0);
    for (let i = 0; i < rowCount; i++) {
      let m = -Infinity;
      for (let k = 0; k < K; k++) {
        r[k] = x[i] * logLambda[k] - logFactorial[i] - (2 + 9 * k) + logWeights[k];
        if (r[k] > m) m = r[k];
      }
      let s = 0;
      for (let k = 0; k < K; k++) {
        r[k] = Math.exp(r[k] - m);
        s += r[k];
      }
      logLikelihood += m + Math.log(s);
      for (let k = 0; k < K; k++) {
        const w = r[k] / s;
        stats[2 * k] += w;
        stats[2 * k + 1] += w * x[i];
      }
    }
    return logLikelihood;
  };
}

export function sequenceData(sequenceCount, length, S) {
  const random = uniform(4);
  const x = Float64Array.from({ length: sequenceCount * length }, () => 3 * Math.floor(random() * S) + normal(random));
  const initial = new Float64Array(S).fill(1 / S);
  const transition = Float64Array.from({ length: S * S }, (_, at) => (at % (S + 1) === 0 ? 0.6 : 0.4 / (S - 1)));
  return { sequenceCount, length, S, x, initial, transition };
}

/** Nodes after their parents; a node is in the state of its parent more often than not. */
export function treeData(treeCount, length, S) {
  const random = uniform(7);
  const x = new Float64Array(treeCount * length);
  const parents = new Int32Array(treeCount * length);
  const states = new Int32Array(length);
  for (let at = 0; at < x.length; at++) {
    const t = at % length;
    parents[at] = Math.floor(random() * t);
    const move = random();
    const fresh = Math.floor(random() * S);
    states[t] = t > 0 && move < 0.6 ? states[parents[at]] : fresh;
    x[at] = 3 * states[t] + normal(random);
  }
  const transitions = Array.from({ length: S }, (_, b) =>
    Array.from({ length: S }, (_, a) => (a === b ? 0.6 : 0.4 / (S - 1))),
  );
  return { length, x, parents, transitions };
}

export function sequenceIteration(kernels, { sequenceCount, length, S, x, initial, transition }) {
  const workspace = kernels.workspace();
  const perBlock = 2;
  const positions = perBlock * length;
  const stride = positions + 8;
  const emission = workspace.float64(S * stride);
  const forward = workspace.float64(S * stride);
  const scale = workspace.float64(2 * stride);
  const evidence = workspace.float64(perBlock);
  const stats = workspace.float64(3 * S);
  const initialSum = workspace.float64(S);
  const transitionSum = workspace.float64(S * S);
  const offsets = Int32Array.of(0, length, positions);
  const rows = partsOf(emission, S, stride);
  const sums = partsOf(stats, S, 3);
  const iteration = () => {
    let logLikelihood = 0;
    stats.fill(0);
    initialSum.fill(0);
    transitionSum.fill(0);
    for (let q = 0; q < sequenceCount; q += perBlock) {
      const start = q * length;
      for (let s = 0; s < S; s++) {
        kernels.gaussianLogDensity(kernels.stage(x, start, positions), positions, 3 * s, 0.5, -0.9, rows[s]);
      }
      kernels.hmmForward(emission, stride, S, offsets, perBlock, initial, transition, forward, scale, evidence);
      logLikelihood += evidence[0];
      logLikelihood += evidence[1];
      kernels.hmmBackward(
        emission,
        stride,
        S,
        offsets,
        perBlock,
        transition,
        forward,
        scale,
        null,
        initialSum,
        transitionSum,
      );
      for (let s = 0; s < S; s++) {
        kernels.moments(kernels.stage(x, start, positions), rows[s], positions, 3 * s, sums[s]);
      }
    }
    return logLikelihood;
  };
  return () => workspace.remember(iteration);
}

export function sequencePlain({ sequenceCount, length, S, x, initial, transition }) {
  const b = new Float64Array(length * S);
  const alpha = new Float64Array(length * S);
  const inverse = new Float64Array(length);
  const beta = new Float64Array(S);
  const u = new Float64Array(S);
  const stats = new Float64Array(3 * S);
  const initialSum = new Float64Array(S);
  const transitionSum = new Float64Array(S * S);
  return () => {
    let logLikelihood = 0;
    stats.fill(0);
    initialSum.fill(0);
    transitionSum.fill(0);
    for (let q = 0; q < sequenceCount; q++) {
      const start = q * length;
      for (let t = 0; t < length; t++) {
        let m = -Infinity;
        for (let s = 0; s < S; s++) {
          const d = x[start + t] - 3 * s;
          const v = -0.9 - d * d * 0.5;
          b[t * S + s] = v;
          if (v > m) m = v;
        }
        let c = 0;
        for (let s = 0; s < S; s++) {
          const e = Math.exp(b[t * S + s] - m);
          b[t * S + s] = e;
          let p = 0;
          if (t === 0) p = initial[s];
          else for (let r = 0; r < S; r++) p += alpha[(t - 1) * S + r] * transition[r * S + s];
          alpha[t * S + s] = p * e;
          c += p * e;
        }
        inverse[t] = 1 / c;
        for (let s = 0; s < S; s++) alpha[t * S + s] *= inverse[t];
        logLikelihood += m + Math.log(c);
      }
      beta.fill(1);
      for (let t = length - 1; t >= 0; t--) {
        for (let s = 0; s < S; s++) {
          const g = alpha[t * S + s] * beta[s];
          const d = x[start + t] - 3 * s;
          stats[3 * s] += g;
          stats[3 * s + 1] += g * d;
          stats[3 * s + 2] += g * d * d;
          if (t === 0) initialSum[s] += g;
          u[s] = b[t * S + s] * beta[s] * inverse[t];
        }
        if (t === 0) break;
        for (let r = 0; r < S; r++) {
          let p = 0;
          const a = alpha[(t - 1) * S + r];
          for (let s = 0; s < S; s++) {
            const v = transition[r * S + s] * u[s];
            p += v;
            transitionSum[r * S + s] += a * v;
          }
          beta[r] = p;
        }
      }
    }
    return logLikelihood;
  };
}
