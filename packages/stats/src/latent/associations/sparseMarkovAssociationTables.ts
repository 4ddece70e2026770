/** The M step of sparse Markov associations. */
import type { IntegerStatistic } from '../../leaf/integers.js';
import { timesLog } from '../../leaf/prior.js';
import { estimateWeights } from '../weights.js';
import type { SparseMarkovAssociationOptions } from './sparseMarkovAssociationOptions.js';
import { forEachSource, SparseTable } from './sparseTransitions.js';

/** The probabilities of all sources, of which few may occur. */
export function estimateInitial(
  { values, counts }: IntegerStatistic,
  { valueCount, pseudoCount: { initial: imaginary = 0 } = {}, prior }: SparseMarkovAssociationOptions,
): Float64Array {
  const all = new Float64Array(valueCount);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (imaginary > 0 || !(total > 0)) {
    values.forEach((value, k) => (all[value] = counts[k]!));
    return estimateWeights(all, { pseudoCount: imaginary, prior: prior?.initial });
  }
  values.forEach((value, k) => (all[value] = counts[k]! / total));
  return all;
}

/** P(target | source) of the links that were counted. A source that no target came from has none. */
export function estimateTransitions(
  statistic: IntegerStatistic,
  { valueCount, pseudoCount: { transitions: imaginary = 0 } = {} }: SparseMarkovAssociationOptions,
  prior: SparseTable | undefined,
): SparseTable {
  const { values, counts } = withImaginary(statistic, imaginary > 0 ? prior : undefined, imaginary);
  forEachSource(values, valueCount, (_, start, end) => {
    // Without a prior the imaginary targets are like those that the source has.
    const each = prior === undefined ? imaginary / (end - start) : 0;
    let total = 0;
    for (let i = start; i < end; i++) total += counts[i]! + each;
    for (let i = start; i < end; i++) counts[i] = (counts[i]! + each) / total;
  });
  return new SparseTable(valueCount, values, counts);
}

/** What the imaginary targets add to the log-likelihood. */
export function logTransitionsPrior(
  model: {
    transition(source: number, target: number): number;
    targetsOf(source: number): Iterable<readonly [number, number]>;
  },
  { valueCount, pseudoCount: { transitions: imaginary = 0 } = {} }: SparseMarkovAssociationOptions,
  prior: SparseTable | undefined,
): number | undefined {
  if (imaginary === 0) return undefined;
  let sum = 0;
  prior?.links.forEach((link, i) => {
    const source = Math.floor(link / valueCount);
    sum += timesLog(imaginary * prior.p[i]!, model.transition(source, link - source * valueCount));
  });
  if (prior !== undefined) return sum;
  for (let source = 0; source < valueCount; source++) {
    const entries = [...model.targetsOf(source)];
    for (const [, p] of entries) sum += timesLog(imaginary / entries.length, p);
  }
  return sum;
}

/** The links that were counted, with `imaginary` targets for each source of the prior, distributed as there. The counts are new. */
function withImaginary(
  { values, counts }: IntegerStatistic,
  prior: SparseTable | undefined,
  imaginary: number,
): { readonly values: Float64Array; readonly counts: Float64Array } {
  if (prior === undefined && counts.every((count) => count > 0)) return { values, counts: counts.slice() };
  const links = prior?.links ?? new Float64Array(0);
  const found = {
    values: new Float64Array(values.length + links.length),
    counts: new Float64Array(values.length + links.length),
  };
  let length = 0;
  for (let i = 0, j = 0; i < values.length || j < links.length; ) {
    const link = Math.min(values[i] ?? Infinity, links[j] ?? Infinity);
    let count = 0;
    if (values[i] === link) count += counts[i++]!;
    if (links[j] === link) count += imaginary * prior!.p[j++]!;
    if (count === 0) continue;
    found.values[length] = link;
    found.counts[length++] = count;
  }
  return { values: found.values.slice(0, length), counts: found.counts.slice(0, length) };
}
