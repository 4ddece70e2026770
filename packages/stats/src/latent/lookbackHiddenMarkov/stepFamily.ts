/** The family of one step in one state: a family of the first items of a list, and one of windows. */

import { bayesOfChildren } from '../../bayes/children.js';
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Distribution,
  Draws,
  Estimator,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Scorer,
  Scratch,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp } from '../../numeric/elementary.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import {
  accumulatorsOf,
  anyPrior,
  blocksWithChildren,
  initializeChild,
  lengthWithChildren,
  scoreChild,
} from '../../tree/children.js';
import { poolChildren, poolingOf } from '../../tree/pooling.js';
import { PARTS, type Step, type StepColumns, StepEncoder } from './steps.js';

/** Additive over steps: the statistic of first items, and that of windows. */
export type StepStatistic = readonly [firsts: unknown, windows: unknown];

/** What is known of the families of first items and of windows. */
export type StepPosterior = readonly [firsts: unknown, windows: unknown];

/** What the E step needs of a model. */
interface StepScorer extends Scorer<StepColumns> {
  readonly parts: readonly Scorer[];
}

/** Scores each step by the family of its kind. */
function scoreSteps(
  models: readonly Scorer[],
  children: readonly Accumulator[] | undefined,
  columns: StepColumns,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
): void {
  PARTS.forEach((name, part) => {
    const { offsets, columns: ofPart } = columns[name];
    const first = offsets[start]!;
    const last = offsets[end]!;
    if (first === last) return;
    const scores = scratch.atLeast(last - first);
    scoreChild(children?.[part], models[part]!, ofPart, first, last, scores);
    for (let row = start; row < end; row++) {
      const at = offsets[row]!;
      if (at < offsets[row + 1]!) out[row - start] = scores[at - first]!;
    }
  });
}

export class StepDistribution implements Distribution<Step, StepColumns> {
  readonly #scores = new GrowingScratch();
  readonly parts: readonly [AnyDistribution, AnyDistribution];

  /**
   * @param firsts  over the first items of a list
   * @param windows  over windows
   */
  constructor(
    readonly firsts: AnyDistribution,
    readonly windows: AnyDistribution,
  ) {
    this.parts = [firsts, windows];
  }

  get isUnbounded(): boolean {
    return this.parts.some((part) => part.isUnbounded === true);
  }

  logDensity({ isFirst, items }: Step): number {
    return (isFirst ? this.firsts : this.windows).logDensity(items);
  }

  density(x: Step): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: StepColumns, start: number, end: number, out: Float64Array): void {
    scoreSteps(this.parts, undefined, columns, start, end, out, this.#scores);
  }

  /** @throws {ParameterError} always: a step is never a row of a user */
  sampler(): Sampler<Step> {
    throw new ParameterError('StepDistribution', 'sampler', 'that of the model of the list', undefined);
  }

  encoder(): StepEncoder {
    return new StepEncoder(this.firsts.encoder(), this.windows.encoder());
  }

  estimator(options?: { readonly pseudoCount?: number }): StepEstimator {
    return new StepEstimator(this.firsts.estimator(options), this.windows.estimator(options));
  }

  toJSON() {
    return { type: 'LookbackStep', firsts: this.firsts, windows: this.windows } as const;
  }
}

class StepAccumulator implements Accumulator<StepColumns, StepStatistic, StepScorer> {
  readonly kind: string;
  readonly #scores = new GrowingScratch();
  readonly #weights = new GrowingScratch();

  constructor(readonly children: readonly Accumulator[]) {
    this.kind = `LookbackStep[${children.map((child) => child.kind ?? '?').join(', ')}]`;
  }

  begin(model: StepScorer | undefined, columns: StepColumns, scratch: Scratch): void {
    this.#scores.from(scratch);
    this.#weights.from(scratch);
    this.children.forEach((child, part) => child.begin?.(model?.parts[part], columns[PARTS[part]!].columns, scratch));
  }

  score(model: StepScorer, columns: StepColumns, start: number, end: number, out: Float64Array): void {
    scoreSteps(model.parts, this.children, columns, start, end, out, this.#scores);
  }

  seqUpdate(columns: StepColumns, start: number, end: number, weights: Float64Array, model?: StepScorer): void {
    this.children.forEach((child, part) => {
      const { offsets, columns: ofPart } = columns[PARTS[part]!];
      const picked = this.#pick(offsets, start, end, weights);
      child.seqUpdate(ofPart, offsets[start]!, offsets[end]!, picked, model?.parts[part]);
    });
  }

  seqInitialize(columns: StepColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.children.forEach((child, part) => {
      const name = PARTS[part]!;
      const { offsets, columns: ofPart } = columns[name];
      const picked = this.#pick(offsets, start, end, weights);
      initializeChild(child, ofPart, offsets[start]!, offsets[end]!, picked, draws.child(name));
    });
  }

  /** The weights of the steps of one kind. */
  #pick(offsets: Int32Array, start: number, end: number, weights: Float64Array): Float64Array {
    const first = offsets[start]!;
    const picked = this.#weights.atLeast(offsets[end]! - first);
    for (let row = start; row < end; row++) {
      if (offsets[row]! < offsets[row + 1]!) picked[offsets[row]! - first] = weights[row - start]!;
    }
    return picked;
  }

  combine(statistic: StepStatistic): void {
    this.children.forEach((child, part) => child.combine(statistic[part]));
  }

  value(): StepStatistic {
    return [this.children[0]!.value(), this.children[1]!.value()];
  }

  fromValue(statistic: StepStatistic): void {
    this.children.forEach((child, part) => child.fromValue(statistic[part]));
  }
}

export class StepEstimator implements Estimator<Step, StepDistribution, StepColumns, StepStatistic> {
  readonly pooling: Pooling<StepStatistic> | undefined;
  readonly #parts: readonly [AnyEstimator, AnyEstimator];

  constructor(
    readonly firsts: AnyEstimator,
    readonly windows: AnyEstimator,
  ) {
    this.#parts = [firsts, windows];
    this.pooling = poolingOf('LookbackStep', this.#parts, (statistics) => {
      const [ofFirsts, ofWindows] = poolChildren(this.#parts, statistics);
      return [ofFirsts, ofWindows];
    });
  }

  encoder(): StepEncoder {
    return new StepEncoder(this.firsts.encoder(), this.windows.encoder());
  }

  statisticLength(schema: StepColumns): number | undefined {
    return lengthWithChildren(0, this.#parts, (part) => schema[PARTS[part]!].columns);
  }

  accumulator(schema: StepColumns, statistic?: Float64Array): StepAccumulator {
    return new StepAccumulator(
      accumulatorsOf(0, this.#parts, (part) => schema[PARTS[part]!].columns, statistic).children,
    );
  }

  estimate(statistic: StepStatistic, report?: Report, pooled?: StepStatistic): StepDistribution {
    const [firsts, windows] = this.#parts.map((estimator, part) =>
      estimator.estimate(statistic[part], report?.at(PARTS[part]!), pooled?.[part]),
    );
    return new StepDistribution(firsts!, windows!);
  }

  get bayes(): Bayes<StepDistribution, StepStatistic, StepPosterior, StepColumns> | undefined {
    return bayesOfChildren<StepDistribution, StepStatistic, StepPosterior, StepColumns>(this.#parts, {
      statistics: (statistic) => statistic,
      models: ({ parts }) => parts,
      known: (known) => known,
      join: ([firsts, windows]) => [firsts, windows],
      mode: ([firsts, windows]) => new StepDistribution(firsts!, windows!),
      expectedScorer: (parts) => stepScorer(parts),
      withPrior: ([firsts, windows]) => anotherStep(firsts!, windows!),
    });
  }

  get hasPrior(): boolean {
    return anyPrior(this.#parts);
  }

  parameterBlocks({ parts }: StepDistribution): readonly ParameterBlock[] {
    return blocksWithChildren(undefined, [], this.#parts, parts);
  }
}

/** Scores steps by the scorers of both kinds. */
function stepScorer(parts: readonly Scorer[]): StepScorer {
  const scratch = new GrowingScratch();
  return {
    parts,
    isUnbounded: parts.some((part) => part.isUnbounded === true),
    seqLogDensity: (columns, start, end, out) => scoreSteps(parts, undefined, columns, start, end, out, scratch),
  };
}

/** Outside the class: bundlers rename one that names itself in its body. */
function anotherStep(firsts: AnyEstimator, windows: AnyEstimator): StepEstimator {
  return new StepEstimator(firsts, windows);
}
