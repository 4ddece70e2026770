/**
 * The numeric kernels that the families call, as one interface with two implementations that give the same bits:
 * WebAssembly SIMD, and TypeScript (the *twin*, which is also the specification).
 *
 * Conventions, for every kernel:
 * - An array argument is read or written from its entry 0 on; give a `subarray` to begin elsewhere.
 * - A kernel reads and writes `count` rows and nothing else. A range outside its array throws `RangeError`.
 * - `add…` adds to `out` what the kernel of the same name without `add` stores.
 * - Arrays may live anywhere. Those from a {@link Workspace} or from `stage…` are used in place; others are copied
 *   through a small buffer, or handed to the twin. The result is the same to the bit.
 * - NaN in gives NaN out, never an error. Which NaN is not defined.
 *
 * Sums are taken in *runs* of {@link RUN} rows. Within a run, row i is added to lane i mod 4, and the run gives
 * (lane 0 + lane 2) + (lane 1 + lane 3). Runs are added in order. A kernel that sums otherwise says so.
 */

/** Rows per run of a sum, and the most rows that one `stage…` call holds. Part of the numeric contract. */
export const RUN = 1024;

/** Distance between two columns of a {@link Kernels.stageVectors} block: not a multiple of a cache page. */
export const STAGED_STRIDE = RUN + 8;

/** Owner of scratch arrays. Arrays are zeroed; they must not be used after `release`. */
export interface Workspace {
  /** A zeroed array of `length` doubles. */
  float64(length: number): Float64Array;
  /** Gives all arrays of this workspace back. Calling it twice is harmless. */
  release(): void;
}

export interface Kernels {
  /** Which implementation this is. */
  readonly kind: 'wasm' | 'twin';

  /** Opens a workspace: scratch that the kernels use in place. Call `release` in a `finally`. */
  workspace(): Workspace;

  /**
   * The rows [start, start + count) of an encoded column as an array that starts at row `start`, in memory that the
   * kernels use in place. Repeated calls with the same column and range are nearly free: the column is remembered by
   * identity, so it must never change. Valid until another range of the same column, or 64 other columns, have been
   * staged, or a workspace has been released. Do not write to it.
   * More than {@link RUN} rows are not copied: the result is then a view of the column.
   */
  stage(column: Float64Array, start: number, count: number): Float64Array;
  /** {@link stage} for codes. */
  stageCodes(column: Int32Array, start: number, count: number): Int32Array;
  /**
   * Rows [start, start + count) of a row-major [n × dimension] matrix, turned into `dimension` columns at distance
   * {@link STAGED_STRIDE}: entry j of row start + i is at `[j * STAGED_STRIDE + i]`. Remembered like {@link stage};
   * valid until 4 more blocks have been staged.
   * @throws {RangeError} for more than {@link RUN} rows.
   */
  stageVectors(rows: Float64Array, start: number, count: number, dimension: number): Float64Array;

  /** out = e^x within 1.02 ulp; 0 for x < -690, Infinity above 709.78. `out` may be `x`. */
  exp(x: Float64Array, count: number, out: Float64Array): void;
  /** out = ln x within 1 ulp; ln 0 = -Infinity, NaN below 0. `out` may be `x`. */
  log(x: Float64Array, count: number, out: Float64Array): void;
  /** out = x · y. `out` may be `x` or `y`. */
  multiply(x: Float64Array, y: Float64Array, count: number, out: Float64Array): void;

  /** out = logNorm - (x - mu)² · halfPrecision, with halfPrecision = 1 / (2σ²). */
  gaussianLogDensity(
    x: Float64Array,
    count: number,
    mu: number,
    halfPrecision: number,
    logNorm: number,
    out: Float64Array,
  ): void;
  addGaussianLogDensity: Kernels['gaussianLogDensity'];

  /** out = x · slope + intercept: one natural statistic (exponential, geometric). */
  linearLogDensity(x: Float64Array, count: number, slope: number, intercept: number, out: Float64Array): void;
  addLinearLogDensity: Kernels['linearLogDensity'];

  /** out = (x · slopeX + y · slopeY) + intercept: two natural statistics (gamma; Poisson with slopeY = -1). */
  bilinearLogDensity(
    x: Float64Array,
    y: Float64Array,
    count: number,
    slopeX: number,
    slopeY: number,
    intercept: number,
    out: Float64Array,
  ): void;
  addBilinearLogDensity: Kernels['bilinearLogDensity'];

  /** out = table[code]. @throws {RangeError} for a code outside 0 … table.length - 1. */
  gather(table: Float64Array, codes: Int32Array, count: number, out: Float64Array): void;
  addGather: Kernels['gather'];

  /**
   * out = logNorm - Σ_j (x_j - mu_j)² · halfPrecision_j over the columns of a block, j ascending.
   * `block` is one of {@link stageVectors}; `mu` and `halfPrecision` have at least `dimension` entries.
   */
  diagonalGaussianLogDensity(
    block: Float64Array,
    dimension: number,
    count: number,
    mu: Float64Array,
    halfPrecision: Float64Array,
    logNorm: number,
    out: Float64Array,
  ): void;
  addDiagonalGaussianLogDensity: Kernels['diagonalGaussianLogDensity'];

  /**
   * out = logNorm - ½ |F (x - mu)|², with F the inverse of the lower Cholesky factor of the covariance.
   * `inverseFactor` is row-major [dimension × dimension]; entries above the diagonal are not read.
   */
  gaussianVectorLogDensity(
    block: Float64Array,
    dimension: number,
    count: number,
    mu: Float64Array,
    inverseFactor: Float64Array,
    logNorm: number,
    out: Float64Array,
  ): void;
  addGaussianVectorLogDensity: Kernels['gaussianVectorLogDensity'];

  /**
   * Turns log-densities into posteriors, in place. Row k of `logDensity` starts at `k * stride`.
   * r_k = exp(v_k - max) / Σ_j exp(v_j - max), with v_k = logDensity_k + logWeights[k];
   * evidence = max + ln Σ_j exp(v_j - max).
   *
   * A component with logWeights = -Infinity gets 0, whatever its density. A row that is -Infinity everywhere gets the
   * mixture weights and the evidence -Infinity. A row with +Infinity is shared by the components that have it, in
   * proportion to their weights, with the evidence +Infinity.
   */
  posterior(
    logDensity: Float64Array,
    stride: number,
    componentCount: number,
    count: number,
    logWeights: Float64Array,
    evidence: Float64Array,
  ): void;

  /**
   * {@link posterior}, to the same bits, without the evidence of each row. Adds to `totals` the
   * {@link sum} of each component's posteriors.
   * @returns the sum of the evidences, with one logarithm for 16 rows of a lane. A run gives
   *   (Σ max) + (Σ ln Π s), with s = Σ_j exp(v_j - max), each of the two sums in four lanes
   */
  posteriorTotal(
    logDensity: Float64Array,
    stride: number,
    componentCount: number,
    count: number,
    logWeights: Float64Array,
    totals: Float64Array,
  ): number;

  /** The evidence of {@link posterior}, to the same bits. Destroys `logDensity`. */
  logEvidence(
    logDensity: Float64Array,
    stride: number,
    componentCount: number,
    count: number,
    logWeights: Float64Array,
    evidence: Float64Array,
  ): void;

  /** Σ x. */
  sum(x: Float64Array, count: number): number;
  /** Σ w · x, where a row of weight 0 adds 0 even if x is infinite. */
  weightedSum(x: Float64Array, weights: Float64Array, count: number): number;

  /** Adds Σw, Σw·x to out. */
  weightedMean(x: Float64Array, weights: Float64Array, count: number, out: Float64Array): void;
  /** Adds Σw, Σw·x, Σw·y to out. */
  weightedMeans(x: Float64Array, y: Float64Array, weights: Float64Array, count: number, out: Float64Array): void;
  /** Adds Σw, Σw·d, Σ(w·d)·d to out, with d = x - origin. */
  moments(x: Float64Array, weights: Float64Array, count: number, origin: number, out: Float64Array): void;
  /**
   * out[code] += w, with out.length levels. Up to 2 of them a run is summed in four lanes; up to 64 in eight copies c (row i in copy
   * i mod 8), which give ((c0 + c4) + (c2 + c6)) + ((c1 + c5) + (c3 + c7)); above, rows are added one by one.
   * @throws {RangeError} for a code outside 0 … out.length - 1.
   */
  histogram(codes: Int32Array, weights: Float64Array, count: number, out: Float64Array): void;
  /** Adds Σw, then Σw·d_j for each column j, then Σ(w·d_j)·d_j for each j, with d_j = x_j - origin_j. */
  diagonalMoments(
    block: Float64Array,
    dimension: number,
    count: number,
    weights: Float64Array,
    origin: Float64Array,
    out: Float64Array,
  ): void;
  /**
   * Adds Σw, then Σw·d_j for each column j, then the lower triangle of Σ(w·d_i)·d_j, row by row (i, j <= i).
   * Runs are of 128 rows here. Σw and Σw·d have four lanes; the triangle has two: row i in lane i mod 2.
   */
  scatter(
    block: Float64Array,
    dimension: number,
    count: number,
    weights: Float64Array,
    origin: Float64Array,
    out: Float64Array,
  ): void;

  /**
   * Scaled forward pass of a hidden Markov model over whole sequences that lie one after the other.
   *
   * Layout: state-major. Position t of state s is at `s * stride + t` of `emission` and of `forward`, with
   * t counted from `offsets[0]`; sequence q covers offsets[q] … offsets[q + 1] - 1 and may be empty.
   * @param emission in: log p(x_t | s), natural log. Out: exp(that - largest of the position), for {@link hmmBackward}
   * @param initial probabilities of the first state, [S]
   * @param transition probabilities, row-major [S × S], from row to column
   * @param forward out: P(state s at t | x_1 … x_t)
   * @param scale out, two rows at distance `stride`: 1 / (forward sum), and log p(x_t | x_1 … x_(t-1))
   * @param evidence out: log p of each sequence; 0 for an empty one. An impossible one has -Infinity; its forward
   *   probabilities are 0 from the impossible position on
   */
  hmmForward(
    emission: Float64Array,
    stride: number,
    stateCount: number,
    offsets: Int32Array,
    sequenceCount: number,
    initial: Float64Array,
    transition: Float64Array,
    forward: Float64Array,
    scale: Float64Array,
    evidence: Float64Array,
  ): void;

  /**
   * Backward pass after {@link hmmForward} with the same arguments: posteriors and expected counts.
   * An impossible sequence gives posteriors and counts of 0.
   *
   * Sums: expected transitions of a sequence are summed in runs of 64 steps from its end, even and odd steps apart;
   * then over the sequences in order.
   * @param emission out: P(state s at t | sequence) · weight of the sequence
   * @param sequenceWeights one per sequence, or null for 1
   * @param initialSum [S]; the weighted posteriors of first positions are added
   * @param transitionSum row-major [S × S]; the weighted expected transitions are added
   */
  hmmBackward(
    emission: Float64Array,
    stride: number,
    stateCount: number,
    offsets: Int32Array,
    sequenceCount: number,
    transition: Float64Array,
    forward: Float64Array,
    scale: Float64Array,
    sequenceWeights: Float64Array | null,
    initialSum: Float64Array,
    transitionSum: Float64Array,
  ): void;
}
