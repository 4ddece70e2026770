/** Lists and trees with gaps among their items: what is known of the hidden states, and what each state says of a gap. */
import { violationOf } from '../columns/columns.js';
import { CompositeDistribution } from '../combinators/composite.js';
import { NullDistribution } from '../combinators/null.js';
import type { AnyDistribution, Conditioned, Sampler, Seed, Separable, Step } from '../contract.js';
import { ParameterError } from '../errors.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { NOTHING, type Opened } from './opened.js';

/** Opens the gaps of a value under one model. */
type Open = (model: AnyDistribution, value: unknown) => Opened;

/** The models of the items of a list or a tree; `undefined` for other models. By names, so that a page need not load all families. */
function itemModels(model: AnyDistribution): readonly AnyDistribution[] | undefined {
  const { type, dist, emissions } = model.toJSON() as {
    readonly type: string;
    readonly dist?: AnyDistribution;
    readonly emissions?: readonly AnyDistribution[];
  };
  switch (type) {
    case 'Sequence':
      return [dist!];
    case 'HiddenMarkov':
    case 'HiddenSemiMarkov':
    case 'TreeHiddenMarkov':
      return emissions!;
    default:
      return undefined;
  }
}

/**
 * A list or a tree with gaps among its items; `undefined` for other models, for what is no list, and where no item has a gap.
 * @throws {ParameterError} for a list of a lookback model with a gap: the items after it depend on it
 */
export function openList(model: AnyDistribution, row: unknown, open: Open): Opened | undefined {
  if (!Array.isArray(row)) return undefined;
  const { type } = model.toJSON();
  if (type === 'LookbackHiddenMarkov') {
    const gap = Array.from(row as readonly unknown[]).findIndex((item) => item === null || item === undefined);
    if (gap < 0) return undefined;
    const place = `item ${gap} of a list of LookbackHiddenMarkov`;
    throw new ParameterError('impute', place, 'present, as the items after it depend on it', row[gap]);
  }
  const models = itemModels(model);
  if (models === undefined) return undefined;
  const isTree = type === 'TreeHiddenMarkov';
  const nodes = Array.from(row as readonly unknown[]);
  if (isTree && nodes.some((node) => !Array.isArray(node) || node.length !== 2)) return undefined;
  const values = isTree ? nodes.map((node) => (node as readonly unknown[])[1]) : nodes;
  const opened = values.map((value) => openUnder(models, value, open));
  const items = opened.map((byModel) => byModel.find((own) => own !== undefined)!);
  if (items.every(({ isComplete }) => isComplete)) return undefined;
  const known = items.flatMap((item, t) => (item.known === NOTHING ? [] : [[t, item.known] as const]));
  return {
    model: new ListWithGaps(model, isTree ? nodes : undefined, opened),
    // At least how many items there are is known.
    known: Object.fromEntries(known),
    isComplete: false,
    logWeight: 0,
    inner: new Map(items.map((item, t) => [t, isTree ? nodeOf(item, nodes[t]) : item])),
  };
}

/** A value under each of several models; `undefined` for those that cannot hold it, where others can. */
function openUnder(models: readonly AnyDistribution[], value: unknown, open: Open): readonly (Opened | undefined)[] {
  const holds = models.map((model) => violationOf(model.encoder(), value) === undefined);
  const isHeld = holds.includes(true);
  return models.map((model, k) => (isHeld && !holds[k] ? undefined : open(model, value)));
}

/** A node of a tree: its identifiers, which are known, and its value. */
function nodeOf(value: Opened, node: unknown): Opened {
  const [ids] = node as readonly unknown[];
  const identifiers: Opened = { model: value.model, known: ids, isComplete: true, logWeight: 0 };
  const inner = new Map([
    [0, identifiers],
    [1, value],
  ]);
  return { model: value.model, known: node, isComplete: value.isComplete, logWeight: 0, inner, isPair: true };
}

/** What a model says about hidden states. */
interface StateModel {
  posterior?(x: readonly unknown[]): readonly (readonly number[])[];
  sampleGiven?(x: readonly unknown[], seed: Seed): Sampler<number[]>;
}

/** Scores the item of each position by a table, in place of a model of items. */
class ScoresByPosition extends NullDistribution {
  constructor(readonly scores: readonly number[]) {
    super();
  }

  override logDensity(position: unknown): number {
    return this.scores[position as number]!;
  }
}

/** A list of which some items, or parts of them, are known. Not scored as a row: it is asked by {@link conditioned} alone. */
class ListWithGaps extends NullDistribution implements Separable {
  constructor(
    readonly list: AnyDistribution,
    /** Of a tree. */
    readonly nodes: readonly unknown[] | undefined,
    /** Item by item, under each model of items. */
    readonly opened: readonly (readonly (Opened | undefined)[])[],
  ) {
    super();
  }

  /** P(states | known parts) as if the positions of the items were the items, and the gaps as each state has them. */
  conditioned(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned {
    const known = part as Readonly<Record<Step, unknown>>;
    const answers = this.opened.map((byModel, t) => {
      // Where all models find a gap impossible, as they never saw one, it says nothing.
      const saysNothing = byModel.every((own) => own === undefined || own.logWeight === -Infinity);
      return byModel.map((own): Conditioned => {
        if (own === undefined) return { logDensity: -Infinity, rest: undefined };
        const logWeight = saysNothing ? 0 : own.logWeight;
        if (own.known === NOTHING || !(t in known)) return { logDensity: logWeight, rest: own.model };
        const { logDensity, rest } = condition(own.model, known[t]);
        return { logDensity: logDensity === -Infinity ? logDensity : logDensity + logWeight, rest };
      });
    });
    const scores = this.opened[0]!.map((_, s) => answers.map((byModel) => byModel[s]!.logDensity));
    const positions = answers.map((_, t) =>
      this.nodes === undefined ? t : [(this.nodes[t] as readonly unknown[])[0], t],
    );
    const states = hiddenStates(this.list, scores, positions);
    if (states.logDensity === -Infinity) return { logDensity: -Infinity, rest: undefined };
    const gaps = this.opened.flatMap((byModel, t) =>
      byModel.some((own) => own?.isComplete === false) ? [{ at: t, rests: answers[t]!.map(({ rest }) => rest) }] : [],
    );
    return { logDensity: states.logDensity, rest: new GapsOfList(gaps, states) };
  }
}

/** P(state of each item | known parts), and draws of the states of all items together. */
interface HiddenStates {
  readonly logDensity: number;
  readonly posterior: readonly (readonly number[])[];
  sampler(seed: Seed): Sampler<readonly number[]>;
}

/** @param scores  log p(known part of item t | state s), [S][n] */
function hiddenStates(
  list: AnyDistribution,
  scores: readonly (readonly number[])[],
  positions: readonly unknown[],
): HiddenStates {
  let state = 0;
  const model = list.marginalOf!([], () => new ScoresByPosition(scores[state++]!)) as AnyDistribution & StateModel;
  const logDensity = model.logDensity(positions);
  const only = positions.map(() => 0);
  return {
    logDensity,
    posterior: model.posterior?.(positions) ?? only.map(() => [1]),
    sampler: (seed) => model.sampleGiven?.(positions, seed) ?? samplerOf(() => only),
  };
}

/** What is missing of a list, gap by gap; drawn together, as the states of its items are not independent. */
class GapsOfList extends CompositeDistribution<readonly AnyDistribution[]> {
  constructor(
    readonly gaps: readonly Gap[],
    readonly states: HiddenStates,
  ) {
    super(gaps.map(({ at, rests }) => mixtureOf(rests, states.posterior[at]!)));
  }

  override sampler(seed: Seed): Sampler<readonly unknown[]> {
    const states = this.states.sampler(childSeed(seed, 'states'));
    const draws = this.gaps.map(({ at, rests }) =>
      rests.map((rest, s) => rest?.sampler(childSeed(seed, `${at},${s}`))),
    );
    return samplerOf(() => {
      const path = states.sample();
      return this.gaps.map(({ at }, j) => draws[j]![path[at]!]!.sample());
    });
  }
}

/** An item with a gap, and what each state says of what is missing of it; `undefined` for a state that it cannot have. */
interface Gap {
  readonly at: number;
  readonly rests: readonly (AnyDistribution | undefined)[];
}

function mixtureOf(rests: readonly (AnyDistribution | undefined)[], shares: readonly number[]): AnyDistribution {
  const possible = rests.flatMap((rest, s) => (rest !== undefined && shares[s]! > 0 ? [{ rest, w: shares[s]! }] : []));
  if (possible.length === 1) return possible[0]!.rest;
  const total = possible.reduce((sum, { w }) => sum + w, 0);
  return new MixtureDistribution<readonly AnyDistribution[]>(
    possible.map(({ rest }) => rest),
    { w: possible.map(({ w }) => w / total) },
  );
}
