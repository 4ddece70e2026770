/**
 * Starts where rows have no distance (sequences, conditionals): a few short runs of EM on some of the rows, of which the best is
 * taken. Each run begins from seeds, one row for each component, spread as k-means++ spreads them, with log-likelihood ratios
 * for distances.
 * Sources: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm; Arthur & Vassilvitskii (2007).
 */
import { itemCount, takeColumns, takeEntries } from '../columns/columns.js';
import type { Accumulator, AnyDistribution, Columns, Draws, Encoder } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { exp, log, log1p } from '../numeric/elementary.js';
import { kernels, RUN } from '../numeric/kernels/index.js';
import { drawIndex } from '../numeric/random.js';
import { withWorkspace } from '../numeric/scratch.js';
import { tieNodes } from '../tree/tie.js';
import { type KnownRows, type LabelledRows, labelsOf, type PosteriorModel } from './labels.js';

/** A mixture under way: its posteriors are the labels of the rows. */
interface RunModel extends AnyDistribution, PosteriorModel {}

/** What runs: the estimator of a mixture. */
export interface RunEstimator<M extends AnyDistribution> {
  readonly components: readonly unknown[];
  encoder(): Encoder<never, Columns>;
  accumulator(schema: Columns): unknown;
  estimate(statistic: never): M;
}

const RUNS = 4;
const ITERATIONS = 4;
/** How much of a row a component gets of all rows beside its seed. */
const LITTLE = 0.005;
/** All runs together cost about as much as this many iterations over all rows, unless rows are few. */
const COST = 1;
const MIN_ROWS = 256;
const MIN_ITEMS = 4096;
/** Items for each component that are too few for several looks at the same seeds. */
const FEW_ITEMS = 4;

/**
 * The rows of the best of several short runs, with their labels and its model; `undefined` when none gave a model.
 * @param rows  the rows to look at; `undefined` for all
 * @param known  components that have labelled rows already
 */
export function bestShortRun<M extends RunModel>(
  mixture: RunEstimator<M>,
  all: Columns,
  allWeights: Float64Array,
  draws: Draws,
  rows = rowsOfRuns(mixture.encoder(), all, mixture.components.length),
  known: readonly number[] = [],
): (LabelledRows & { readonly model: M }) | undefined {
  const columns = rows === undefined ? all : takeColumns(mixture.encoder(), all, rows);
  const weights = rows === undefined ? allWeights.subarray(0, all.rowCount) : takeEntries(allWeights, rows);
  let best: { readonly model: M; readonly logLikelihood: number } | undefined;
  const tries = triesOf(RUNS, mixture, columns, weights);
  for (let run = 0; run < tries; run++) {
    const found = attempt(() => {
      const start = seededModel(mixture, columns, weights, draws.child(`run ${run}`), known);
      return shortRun(mixture, columns, weights, start, ITERATIONS);
    });
    if (found !== undefined && (best === undefined || found.logLikelihood > best.logLikelihood)) best = found;
  }
  if (best === undefined) return undefined;
  return { ...best, columns, weights, labels: labelsUnder(mixture, best.model, columns) };
}

/**
 * The labels of all rows under the best of several short runs, component-major.
 * @param known  rows that are known to belong to a component: it draws no seed
 */
export function shortRunLabels<M extends RunModel>(
  mixture: RunEstimator<M>,
  columns: Columns,
  weights: Float64Array,
  draws: Draws,
  known: KnownRows = new Map(),
): Float64Array | undefined {
  const some = rowsOfRuns(mixture.encoder(), columns, mixture.components.length);
  // Labels hold where rows with labels are looked at.
  const rows = some && Int32Array.from(new Set([...some, ...[...known.values()].flat()])).sort();
  const best = bestShortRun(mixture, columns, weights, draws, rows, [...known.keys()]);
  return best && labelsUnder(mixture, best.model, columns);
}

function labelsUnder<M extends RunModel>({ components }: RunEstimator<M>, model: M, columns: Columns): Float64Array {
  const posteriors = new Float64Array(columns.rowCount * components.length);
  model.seqPosterior(columns, 0, columns.rowCount, posteriors);
  return labelsOf(posteriors, components.length);
}

/** As many rows as the cost allows, evenly spread; `undefined` for all. */
export function rowsOfRuns(
  encoder: Encoder<never, Columns>,
  columns: Columns,
  componentCount: number,
): Int32Array | undefined {
  const { rowCount } = columns;
  const passes = RUNS * (ITERATIONS + componentCount);
  const items = itemCount(encoder, columns, 0, rowCount);
  const fewest = Math.min(MIN_ROWS, Math.ceil((MIN_ITEMS * rowCount) / Math.max(items, 1)));
  const count = Math.max(fewest, 4 * componentCount, Math.ceil((COST * rowCount) / passes));
  if (count >= rowCount) return undefined;
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * rowCount) / count));
}

/**
 * How many of these tries are worth their time. They differ by their seeds: where every row is a seed they are one, unless rows
 * hold so many items that what is hidden in these may be found in one try and not in another.
 */
export function triesOf(
  most: number,
  mixture: Pick<RunEstimator<AnyDistribution>, 'components' | 'encoder'>,
  columns: Columns,
  weights: Float64Array,
): number {
  const componentCount = mixture.components.length;
  const seedCount = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  if (seedCount > componentCount) return most;
  return itemCount(mixture.encoder(), columns, 0, columns.rowCount) > FEW_ITEMS * componentCount ? most : 1;
}

/** Rows may determine no model, or an impossible one. */
export function attempt<R>(make: () => R): R | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof EstimationError || error instanceof ParameterError) return undefined;
    throw error;
  }
}

/** A few iterations of EM, and the log-likelihood that the last but one model had. */
export function shortRun<M extends AnyDistribution>(
  mixture: Pick<RunEstimator<M>, 'encoder' | 'accumulator' | 'estimate'>,
  columns: Columns,
  weights: Float64Array,
  start: M,
  iterations: number,
): { readonly model: M; readonly logLikelihood: number } {
  return withWorkspace((scratch) => {
    let model = start;
    let logLikelihood = -Infinity;
    const items = itemCount(mixture.encoder(), columns, 0, columns.rowCount);
    const step = Math.max(1, Math.floor((RUN * columns.rowCount) / Math.max(items, 1)));
    const scores = scratch.float64(step);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const accumulator = mixture.accumulator(columns) as Accumulator & { score: NonNullable<Accumulator['score']> };
      accumulator.begin?.(model, columns, scratch);
      logLikelihood = 0;
      for (let from = 0; from < columns.rowCount; from += step) {
        const to = Math.min(from + step, columns.rowCount);
        accumulator.score(model, columns, from, to, scores);
        logLikelihood += kernels().weightedSum(scores, weights.subarray(from, to), to - from);
        accumulator.seqUpdate(columns, from, to, weights.subarray(from, to), model);
      }
      tieNodes(accumulator);
      model = mixture.estimate(accumulator.value() as never);
    }
    if (Number.isNaN(logLikelihood)) throw new EstimationError('the log-likelihood is NaN.');
    return { model, logLikelihood };
  });
}

/** The model of labels, component-major. */
function labelledModel<M extends RunModel>(
  mixture: RunEstimator<M>,
  columns: Columns,
  weights: Float64Array,
  labels: Float64Array,
  draws: Draws,
): M {
  return withWorkspace((scratch) => {
    const accumulator = mixture.accumulator(columns) as Accumulator & {
      seqInitialize: NonNullable<Accumulator['seqInitialize']>;
    };
    accumulator.begin?.(undefined, columns, scratch);
    accumulator.seqInitialize(columns, 0, columns.rowCount, weights, { ...draws, labels });
    tieNodes(accumulator);
    return mixture.estimate(accumulator.value() as never);
  });
}

/**
 * A component for each of K rows. A component is its row and a little of all rows, so that nothing is impossible; a random little,
 * or components would stay alike where their rows say nothing (about another level of a conditional, say). The first row is
 * drawn by weight; each further one by how little the nearest seed gains for it over all rows together. Of a few rows drawn so,
 * the one that leaves least to the next is taken: components that have no seed yet hold them at the same time.
 * @param known  components that have rows of their own, whatever their labels
 */
function seededModel<M extends RunModel>(
  mixture: RunEstimator<M>,
  columns: Columns,
  weights: Float64Array,
  draws: Draws,
  known: readonly number[],
): M {
  const componentCount = mixture.components.length;
  const { rowCount } = columns;
  const rng = draws.row(-1);
  const labels = Float64Array.from({ length: componentCount * rowCount }, () => (LITTLE * -log(1 - rng())) / rowCount);
  const shares = new Float64Array(componentCount * rowCount);
  const order = [...new Set([...known, ...mixture.components.keys()])];
  const last = componentCount - 1;
  const logShare = (i: number, j: number) => log(Math.max(shares[i * componentCount + order[j]!]!, Number.MIN_VALUE));
  let mass: Float64Array = weights;
  for (let k = known.length; k < last; k++) {
    const count = Math.min(last - k, 2 + Math.floor(log(componentCount)));
    const rows = Array.from({ length: count }, () => drawIndex(rng, mass));
    const tried = labels.slice();
    for (const [c, row] of rows.entries()) tried[order[k + c]! * rowCount + row]! += 1;
    const model = labelledModel(mixture, columns, weights, tried, atRandom(draws));
    model.seqPosterior(columns, 0, rowCount, shares);
    const left = rows.map((_, c) =>
      weights.map((weight, i) => {
        let nearest = logShare(i, k + c);
        for (let j = 0; j < k; j++) nearest = Math.max(nearest, logShare(i, j));
        // The last component has no seed: it is all rows together. A loss counts whole; no gain counts a little.
        const loss = logShare(i, last) - nearest;
        return weight * (loss < 30 ? log1p(exp(1 + loss)) : 1 + loss);
      }),
    );
    const potentials = left.map((rest) => rest.reduce((sum, value) => sum + value, 0));
    const taken = potentials.indexOf(Math.min(...potentials));
    labels[order[k]! * rowCount + rows[taken]!]! += 1;
    mass = left[taken]!;
  }
  labels[order[last]! * rowCount + drawIndex(rng, mass)]! += 1;
  return labelledModel(mixture, columns, weights, labels, draws);
}

/** The same draws, with starts at random for hidden variables further below: cheap ones. */
function atRandom(draws: Draws): Draws {
  return {
    ...draws,
    method: 'random',
    child: (name) => atRandom(draws.child(name)),
    component: (name) => atRandom(draws.component(name)),
  };
}
