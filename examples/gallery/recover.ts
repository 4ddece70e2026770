/** What all programs do: rows from a model that is known, a fit that is told nothing of it, and the two side by side. */
import assert from 'node:assert/strict';
import { type AnyDistribution, type Columns, type Estimator, optimize, type Sampler, type Seed } from '@dml/stats';

/** Draws `count` rows from `truth`, and fits `estimator` to them. */
export function recover<T, D extends AnyDistribution, C extends Columns, S>(
  truth: { sampler(seed: Seed): Sampler<NoInfer<T>> },
  estimator: Estimator<T, D, C, S>,
  count: number,
  seed: Seed = 1,
): { readonly rows: readonly T[]; readonly model: D } {
  const rows = truth.sampler(seed).sample(count);
  const { model } = optimize(rows, estimator, { seed, maxIterations: 300 });
  return { rows, model };
}

/** Prints what was found beside what is true. @throws {AssertionError} where they are farther apart than `within` */
export function near(what: string, found: number, truth: number, within: number): void {
  console.log(`${what}: ${found.toFixed(3)}, in truth ${truth.toFixed(3)}`);
  assert.ok(Math.abs(found - truth) <= within, `${what}: ${found} is not within ${within} of ${truth}`);
}

/** Five standard errors of a share among `count`. */
export function ofShare(p: number, count: number): number {
  return 5 * Math.sqrt((p * (1 - p)) / count);
}

/** Prints a share that must be at least `least`. @throws {AssertionError} */
export function atLeast(what: string, share: number, least: number): void {
  console.log(`${what}: ${(100 * share).toFixed(1)} %`);
  assert.ok(share >= least, `${what}: ${share} is below ${least}`);
}
