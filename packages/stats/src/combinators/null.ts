/**
 * Nothing: every row scores 0, and nothing is learnt. It stands where a model is asked for and none is wanted: the length of
 * a sequence, a field to be left out.
 */

import { sameClass } from '../columns/columns.js';
import type {
  Accumulator,
  AddSquaredDistances,
  Columns,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Sampler,
  Violation,
} from '../contract.js';
import { samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';

/**
 * The model that says nothing: log-density 0 for any row.
 * @example
 * new NullDistribution().logDensity('anything'); // 0
 */
export class NullDistribution extends PrintedModel implements Distribution<unknown, Columns> {
  static readonly typeName = 'Null';
  static readonly typeVersion = 1;

  logDensity(_x: unknown): number {
    return 0;
  }

  density(_x: unknown): number {
    return 1;
  }

  seqLogDensity(_columns: Columns, start: number, end: number, out: Float64Array): void {
    out.fill(0, 0, end - start);
  }

  seqAddLogDensity(): void {}

  /** Draws null. */
  sampler(): Sampler<unknown> {
    return samplerOf<unknown>(() => null);
  }

  encoder(): NullEncoder {
    return new NullEncoder();
  }

  estimator(): NullEstimator {
    return new NullEstimator();
  }

  toJSON() {
    return { type: 'Null' } as const;
  }

  static fromJSON(): NullDistribution {
    return new this();
  }
}

/** Accepts any row and keeps only how many there are. */
export class NullEncoder implements Encoder<unknown, Columns> {
  violation(_row?: unknown): Violation | undefined {
    return undefined;
  }

  encode(rows: readonly unknown[]): Columns {
    return { rowCount: rows.length };
  }

  /** All rows look alike. */
  squaredDistances(): AddSquaredDistances {
    return () => {};
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other);
  }
}

/** Learns nothing. */
export class NullAccumulator implements Accumulator<Columns, null, unknown> {
  readonly kind = 'Null';

  seqUpdate(): void {}

  combine(): void {}

  value(): null {
    return null;
  }

  fromValue(): void {}
}

/**
 * Makes a {@link NullDistribution} of any data.
 * @example
 * // The first field is not modelled:
 * new CompositeEstimator([new NullEstimator(), new GaussianEstimator()]);
 */
export class NullEstimator implements Estimator<unknown, NullDistribution, Columns, null> {
  encoder(): NullEncoder {
    return new NullEncoder();
  }

  statisticLength(): number {
    return 0;
  }

  accumulator(): NullAccumulator {
    return new NullAccumulator();
  }

  estimate(): NullDistribution {
    return new NullDistribution();
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [];
  }
}
