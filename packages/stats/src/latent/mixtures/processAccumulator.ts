/** The E step of a Dirichlet-process mixture, and its statistic. */
import type { Accumulator, AnyDistribution, Columns, Draws, Scorer, Scratch, TiedNode } from '../../contract.js';
import type { MixtureAccumulator, MixtureModel, MixtureStatistic } from '../responsibilities.js';
import { type EnteringProcess, enteringProcess, meanLogWeights, type ProcessWeights } from './stickBreaking.js';

/** Additive over rows, but for what the M step needs of the entering model, which all parts of the rows share. */
export interface ProcessStatistic extends MixtureStatistic {
  /** E α; `undefined` at the start of a fit, as `entering`. */
  readonly meanConcentration: number | undefined;
  readonly entering: EnteringProcess | undefined;
}

/** What the E step needs of a Dirichlet-process mixture. */
export interface ProcessModel extends Scorer, ProcessWeights {
  readonly components: readonly AnyDistribution[];
  /** What is known of each component's parameters. */
  readonly posteriors: readonly unknown[];
}

/** The E step of a mixture, with expected log-densities and expected log-weights. */
export class ProcessAccumulator implements Accumulator<Columns, ProcessStatistic, ProcessModel> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #mixture: MixtureAccumulator;
  readonly #scorerOf: (posterior: unknown) => Scorer;
  #meanConcentration: number | undefined;
  #entering: EnteringProcess | undefined;
  #entered: { readonly model: ProcessModel; readonly mixture: MixtureModel } | undefined;

  constructor(mixture: MixtureAccumulator, scorerOf: (posterior: unknown) => Scorer) {
    this.#mixture = mixture;
    this.#scorerOf = scorerOf;
    this.kind = `DirichletProcess${mixture.kind}`;
    this.children = mixture.children;
  }

  /** The model as the mixture's E step sees it. */
  #mixtureOf(model: ProcessModel): MixtureModel {
    if (this.#entered?.model !== model) {
      const scorers = model.posteriors.map(this.#scorerOf);
      const logWeights = meanLogWeights(model.sticks);
      const seqLogDensity = model.seqLogDensity.bind(model);
      this.#entered = { model, mixture: { scorers, logWeights, seqLogDensity } };
    }
    return this.#entered.mixture;
  }

  begin(model: ProcessModel | undefined, columns: Columns, scratch: Scratch): void {
    const mixture = model && this.#mixtureOf(model);
    this.#meanConcentration = model?.concentration.mean;
    this.#entering = model && enteringProcess(model, mixture!.logWeights as Float64Array);
    this.#mixture.begin(mixture, columns, scratch);
  }

  score(model: ProcessModel, columns: Columns, start: number, end: number, out: Float64Array): void {
    this.#mixture.score(this.#mixtureOf(model), columns, start, end, out);
  }

  scoreSum(model: ProcessModel, columns: Columns, start: number, end: number): number {
    return this.#mixture.scoreSum(this.#mixtureOf(model), columns, start, end);
  }

  seqUpdate(columns: Columns, start: number, end: number, weights: Float64Array, model?: ProcessModel): void {
    this.#mixture.seqUpdate(columns, start, end, weights, model === undefined ? undefined : this.#mixtureOf(model));
  }

  seqInitialize(columns: Columns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#mixture.seqInitialize(columns, start, end, weights, draws);
  }

  /**
   * Component `k` takes over the rows of component `other`.
   * @param empty  the statistic of a component without rows
   */
  merge(k: number, other: number, empty: unknown): void {
    const { components, counts } = this.#mixture;
    components[k]!.combine(components[other]!.value());
    components[other]!.fromValue(empty);
    counts[k]! += counts[other]!;
    counts[other] = 0;
  }

  combine(other: ProcessStatistic): void {
    this.#meanConcentration ??= other.meanConcentration;
    this.#entering ??= other.entering;
    this.#mixture.combine(other);
  }

  value(): ProcessStatistic {
    return { ...this.#mixture.value(), meanConcentration: this.#meanConcentration, entering: this.#entering };
  }

  fromValue(statistic: ProcessStatistic): void {
    this.#meanConcentration = statistic.meanConcentration;
    this.#entering = statistic.entering;
    this.#mixture.fromValue(statistic);
  }
}
