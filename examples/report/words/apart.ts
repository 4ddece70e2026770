/** What tells the components of a model apart: fields by how much their value says about the component. */
import { type AnyDistribution, ParameterError, type Queries, type Seed } from '@dml/stats';
import type { Parts } from '../model/components.js';
import { type Field, wholeOf } from '../model/fields.js';
import { type LevelShare, levelsOf } from '../model/levels.js';
import { percent, roundedBy, valueText } from './numbers.js';

/** How much one field tells about the component of a row. */
export interface FieldDifference {
  readonly path: string;
  /**
   * Mutual information of the value and the component, Σ_k w_k KL(f_k ‖ Σ_j w_j f_j), in nats; NaN where it is not known,
   * because values cannot be drawn.
   */
  readonly information: number;
  /** Of `information`: 0 where it is exact. */
  readonly standardError: number;
  /** `information` by its largest value, the entropy of the weights: 1 where the value alone tells the component. */
  readonly share: number;
  /** KL(f_k ‖ Σ_j w_j f_j) of each component, by its index in the model; NaN as above. */
  readonly divergences: readonly number[];
}

/** About so many values are drawn for each field, where there is no sum over levels. */
const DRAWS = 8000;

/** The fields that all parts have, the most telling first; none for a model of one part. */
export function whatTellsApart({ weights, fields }: Parts, seed: Seed): readonly FieldDifference[] {
  const used = weights.flatMap((w, k) => (w > 0 ? [k] : []));
  if (used.length < 2) return [];
  const entropy = -used.reduce((sum, k) => sum + weights[k]! * Math.log(weights[k]!), 0);
  const differences = fields[used[0]!]!.flatMap((field) => {
    const same = used.map((k) => fields[k]!.find(({ path }) => path === field.path));
    if (!same.every((other) => other !== undefined)) return [];
    const w = used.map((k) => weights[k]!);
    const { divergences, errors } = divergencesOf(same, w, `${seed}/${field.path}`);
    const information = Math.max(
      0,
      divergences.reduce((sum, kl, i) => sum + w[i]! * kl, 0),
    );
    const standardError = Math.hypot(...errors.map((error, i) => w[i]! * error));
    const all = weights.map((_, k) => (used.includes(k) ? divergences[used.indexOf(k)]! : Number.NaN));
    return [{ path: field.path, information, standardError, share: information / entropy, divergences: all }];
  });
  const order = (information: number) => (Number.isNaN(information) ? -1 : information);
  return differences.sort((a, b) => order(b.information) - order(a.information));
}

function divergencesOf(
  fields: readonly Field[],
  w: readonly number[],
  seed: Seed,
): { readonly divergences: readonly number[]; readonly errors: readonly number[] } {
  const dists = fields.map(wholeOf);
  const levels = dists.map(levelsOf);
  if (levels.every((list) => list !== undefined)) {
    const shares = levels.map((list) => new Map(list.map(({ level, p }) => [level, p])));
    const divergences = shares.map((mine) =>
      [...mine].reduce((sum, [level, p]) => {
        const mixed = shares.reduce((total, other, j) => total + w[j]! * (other.get(level) ?? 0), 0);
        return p === 0 ? sum : sum + p * Math.log(p / mixed);
      }, 0),
    );
    return { divergences, errors: divergences.map(() => 0) };
  }
  const draws = dists.map((dist, k) => drawn(dist, Math.ceil(DRAWS / dists.length), `${seed}/${k}`));
  if (draws.some((rows) => rows === undefined)) {
    return { divergences: dists.map(() => Number.NaN), errors: dists.map(() => Number.NaN) };
  }
  const ratios = draws.map((rows, k) => rows!.map((row) => logRatio(dists, w, k, row)));
  const means = ratios.map(mean);
  const errors = ratios.map((list, k) => Math.sqrt(mean(list.map((x) => (x - means[k]!) ** 2)) / list.length));
  return { divergences: means.map((kl) => Math.max(0, kl)), errors };
}

/** Rows of a distribution; `undefined` for one that cannot be drawn from, as a list without a length. */
function drawn(dist: AnyDistribution, rowCount: number, seed: Seed): readonly unknown[] | undefined {
  try {
    return dist.sampler(seed).sample(rowCount);
  } catch (error) {
    if (error instanceof ParameterError) return undefined;
    throw error;
  }
}

/** log f_k(x) - log Σ_j w_j f_j(x). */
function logRatio(dists: readonly AnyDistribution[], w: readonly number[], k: number, row: unknown): number {
  const own = dists[k]!.logDensity(row);
  const mixed = dists.reduce((sum, dist, j) => sum + w[j]! * Math.exp(Math.min(700, dist.logDensity(row) - own)), 0);
  return -Math.log(mixed);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A component's field against the same field of all rows: `higher than most (212 against 201)`. */
export function contrast(fields: readonly Field[], weights: readonly number[], k: number): string {
  const own = fields[k]!;
  const [mine, ...others] = [own, ...fields].map(({ dist }) => levelsOf(dist));
  if (mine !== undefined && others.every((list) => list !== undefined)) return levelContrast(mine, others, weights);
  const moments = fields.map(({ dist }) => momentsOf(dist));
  if (moments.some(({ mean: m, variance }) => !Number.isFinite(m) || !Number.isFinite(variance))) return 'differs';
  const all = mean2(moments, weights);
  const deviation = Math.sqrt(all.variance);
  const shift = moments[k]!.mean - all.mean;
  const ownDeviation = Math.sqrt(moments[k]!.variance);
  const [mean, ofAll] = [moments[k]!.mean, all.mean].map((x) => roundedBy(x, Math.min(ownDeviation, deviation)));
  const figures = `(${mean} against ${ofAll})`;
  if (Math.abs(shift) > 0.25 * deviation) return `${shift > 0 ? 'higher' : 'lower'} than on the average ${figures}`;
  const ratio = ownDeviation / deviation;
  return ratio < 0.75 ? 'varies less than in all rows' : ratio > 1.33 ? 'varies more than in all rows' : 'differs';
}

function momentsOf(dist: AnyDistribution): { readonly mean: number; readonly variance: number } {
  const { mean: m, variance } = dist as Queries<unknown>;
  return {
    mean: typeof m === 'number' ? m : Number.NaN,
    variance: typeof variance === 'number' ? variance : Number.NaN,
  };
}

function mean2(moments: readonly { readonly mean: number; readonly variance: number }[], w: readonly number[]) {
  const m = moments.reduce((sum, part, k) => sum + w[k]! * part.mean, 0);
  const variance = moments.reduce((sum, part, k) => sum + w[k]! * (part.variance + (part.mean - m) ** 2), 0);
  return { mean: m, variance };
}

/** The level that is most over- or under-represented. */
function levelContrast(
  mine: readonly LevelShare[],
  others: readonly (readonly LevelShare[] | undefined)[],
  weights: readonly number[],
): string {
  const inAll = new Map<unknown, number>();
  for (const [j, list] of others.entries()) {
    for (const { level, p } of list ?? []) inAll.set(level, (inAll.get(level) ?? 0) + weights[j]! * p);
  }
  const excess = ({ level, p }: LevelShare) => p - inAll.get(level)!;
  const most = mine.reduce((a, b) => (Math.abs(excess(b)) > Math.abs(excess(a)) ? b : a));
  const direction = excess(most) > 0 ? 'more' : 'less';
  return `${valueText(most.level)} ${direction} often (${percent(most.p)} against ${percent(inAll.get(most.level)!)})`;
}
