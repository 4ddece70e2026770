/** An estimator as a third party may write it: no flat statistic, only `combine`. Its statistics travel as objects. */
import { type Accumulator, type Columns, type Estimator, GaussianDistribution, GaussianEstimator } from '@dml/stats';

interface Numbers extends Columns {
  readonly x: Float64Array;
}

interface Sums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

class SumsAccumulator implements Accumulator<Numbers, Sums, GaussianDistribution> {
  #sums: Sums = { count: 0, sum: 0, squares: 0 };

  seqUpdate({ x }: Numbers, start: number, end: number, weights: Float64Array): void {
    let { count, sum, squares } = this.#sums;
    for (let i = start; i < end; i++) {
      const w = weights[i - start]!;
      count += w;
      sum += w * x[i]!;
      squares += w * x[i]! ** 2;
    }
    this.#sums = { count, sum, squares };
  }
  combine({ count, sum, squares }: Sums): void {
    if (process.env.FAULT === 'combine' && count > 0) throw new RangeError('combine was told to fail.');
    const own = this.#sums;
    this.#sums = { count: own.count + count, sum: own.sum + sum, squares: own.squares + squares };
  }
  value(): Sums {
    return this.#sums;
  }
  fromValue(sums: Sums): void {
    this.#sums = sums;
  }
}

/** Mean and variance from raw sums. */
export class ObjectEstimator implements Estimator<number, GaussianDistribution, Numbers, Sums> {
  encoder() {
    // The columns of a Gaussian have a typed array `x` and no more that this accumulator needs.
    return new GaussianEstimator().encoder() as unknown as ReturnType<
      Estimator<number, GaussianDistribution, Numbers, Sums>['encoder']
    >;
  }
  accumulator(): SumsAccumulator {
    return new SumsAccumulator();
  }
  estimate({ count, sum, squares }: Sums): GaussianDistribution {
    const mu = count > 0 ? sum / count : 0;
    return new GaussianDistribution({ mu, sigma2: count > 0 ? Math.max(squares / count - mu * mu, 1e-6) : 1 });
  }
}
