/** A family that the package does not know: the integers of [-reach, reach], all as likely. */
import type { AnyEstimator, Columns, Distribution, Encoder, Sampler, Seed } from '@dml/stats';
import { IntegerCategoricalDistribution, UniformDistribution } from '@dml/stats';

export class Symmetric implements Distribution<number, Columns> {
  constructor(readonly reach: number) {}

  logDensity(x: number): number {
    return Math.abs(x) <= this.reach ? -Math.log(2 * this.reach + 1) : -Infinity;
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    const { values } = columns as unknown as { readonly values: ArrayLike<number> };
    for (let i = start; i < end; i++) out[i - start] = this.logDensity(values[i]!);
  }

  sampler(seed: Seed): Sampler<number> {
    const p = Array.from({ length: 2 * this.reach + 1 }, () => 1 / (2 * this.reach + 1));
    return new IntegerCategoricalDistribution({ min: -this.reach, p }).sampler(seed);
  }

  encoder(): Encoder<number, Columns> {
    return new UniformDistribution({ min: -this.reach, max: this.reach }).encoder() as unknown as Encoder<
      number,
      Columns
    >;
  }

  estimator(): AnyEstimator {
    throw new Error('Symmetric: is not fitted.');
  }

  toJSON() {
    return { type: 'Symmetric', reach: this.reach };
  }
}
