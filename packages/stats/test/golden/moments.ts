/** Runs one case of moments.json: a model, its moments, and triples and pairs of its distribution function. */
import { modelFromJSON } from '../../src/index.js';

/** P(X <= x) and P(X > x) at x. */
type TailsAt = readonly [x: number, lower: number, upper: number];

interface MomentsCase {
  readonly model: Readonly<Record<string, unknown>>;
  readonly mean?: unknown;
  readonly variance?: unknown;
  readonly mode?: unknown;
  readonly entropy?: unknown;
  readonly cdf: readonly TailsAt[];
  readonly quantile: readonly (readonly [p: number, x: number])[];
}

export function isMomentsCase(golden: object): boolean {
  return 'model' in golden && 'cdf' in golden && 'quantile' in golden;
}

/** Families over integers: their quantiles are exact. */
const DISCRETE = ['Poisson', 'Binomial', 'Geometric', 'NegativeBinomial', 'IntegerCategorical', 'SpikeAndSlab'];

/** Compares everything in the case with the model, and lists what disagrees. Relative tolerance 1e-12; quantiles 1e-10. */
export function runMoments(golden: unknown): string[] {
  const { model: json, cdf, quantile, ...rest } = golden as MomentsCase; // what `isMomentsCase` saw
  const model = modelFromJSON(json as never);
  const faults: string[] = [];
  const compare = (what: string, found: unknown, expected: unknown, tolerance: number) => {
    const isClose =
      typeof found === 'number' &&
      typeof expected === 'number' &&
      (Object.is(found + 0, expected + 0) || Math.abs(found - expected) <= tolerance * Math.abs(expected));
    if (!isClose) faults.push(`${what}: ${found}, expected ${expected}`);
  };
  for (const name of ['mean', 'variance', 'entropy', 'mode'] as const) {
    const expected = rest[name];
    // JSON has no NaN and no Infinity.
    const value = typeof expected === 'string' ? Number(expected) : expected;
    if (value === undefined || value === null) continue;
    // An entropy of 0 may come out as rounding of its terms.
    const tolerance = name === 'entropy' ? 1e-12 * (1 + 1 / Math.abs(value as number)) : 1e-12;
    compare(name, model[name], value, tolerance);
  }
  for (const [x, lower, upper] of cdf) {
    compare(`cdf(${x})`, model.cdf?.(x), lower, 1e-12);
    compare(`survival(${x})`, model.survival?.(x), upper, 1e-12);
  }
  const isDiscrete = DISCRETE.includes(json.type as string);
  for (const [p, x] of quantile) compare(`quantile(${p})`, model.quantile?.(p), x, isDiscrete ? 0 : 1e-10);
  return faults;
}
