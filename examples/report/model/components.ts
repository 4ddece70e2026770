/** What a model is made of: components of a mixture, states of a chain, topics, or one part. */
import type { AnyDistribution } from '@dml/stats';
import { type Field, fieldsOf, hiddenFieldsOf, ITEMS } from './fields.js';
import { distributionsIn, isDistribution, type ModelFields, modelFields, numbersIn } from './json.js';

/** How the parts of a model are called. */
export type PartKind = 'component' | 'state' | 'topic' | 'model';

/** The chain of a model of states. */
export interface StateChain {
  /** P(first state). */
  readonly first: readonly number[];
  /** P(to | from), a row for each state. */
  readonly transitions: readonly (readonly number[])[];
  /** Expected number of items for which a state is kept. */
  readonly meanDurations: readonly number[];
  /** Of the number of items, where that is modelled. */
  readonly length: AnyDistribution | undefined;
}

/** A model as a list of weighted parts with fields. */
export interface Parts {
  readonly type: string;
  readonly kind: PartKind;
  /** By the index of the model. */
  readonly dists: readonly AnyDistribution[];
  readonly weights: readonly number[];
  readonly fields: readonly (readonly Field[])[];
  readonly chain: StateChain | undefined;
}

/** The parts of a model. */
export function partsOf(model: AnyDistribution): Parts {
  const fields = modelFields(model);
  const { type } = fields;
  if (type === 'Ignored') return partsOf(fields.dist as AnyDistribution);
  const components = distributionsIn(fields, 'components');
  if (components !== undefined) {
    const weights = numbersIn(fields, 'w') ?? (model as { readonly w?: readonly number[] }).w;
    // A row of a mixture with labels is a value and its label.
    const steps = type === 'SemiSupervisedMixture' ? [0] : [];
    return of(type, 'component', components, weights, (dist) => fieldsOf(dist, steps));
  }
  const emissions = distributionsIn(fields, 'emissions');
  if (emissions !== undefined) return ofStates(fields, emissions);
  const topics = distributionsIn(fields, 'topics');
  if (topics !== undefined) {
    return of(type, 'topic', topics, normalized(numbersIn(fields, 'alpha') ?? averageTopics(fields)), hiddenFieldsOf);
  }
  return of(type, 'model', [model], [1], (dist) => fieldsOf(dist));
}

function of(
  type: string,
  kind: PartKind,
  dists: readonly AnyDistribution[],
  weights: readonly number[] | undefined,
  fields: (dist: AnyDistribution) => readonly Field[],
  chain?: StateChain,
): Parts {
  const equal = dists.map(() => 1 / dists.length);
  return { type, kind, dists, weights: weights ?? equal, fields: dists.map(fields), chain };
}

function ofStates(fields: ModelFields, emissions: readonly AnyDistribution[]): Parts {
  const first = numbersIn(fields, 'w')!;
  const transitions = fields.transitions as readonly (readonly number[])[];
  const durations = distributionsIn(fields, 'durations');
  const shift = numbersIn(fields, 'shift');
  const end = numbersIn(fields, 'end');
  const meanDurations = emissions.map((_, s) => {
    const mean = (durations?.[s] as { readonly mean?: unknown } | undefined)?.mean;
    if (durations !== undefined) return typeof mean === 'number' ? mean + (shift?.[s] ?? 0) : Number.NaN;
    return 1 / (1 - (1 - (end?.[s] ?? 0)) * transitions[s]![s]!);
  });
  const visits = longRun(first, transitions);
  const weights = normalized(durations === undefined ? visits : visits.map((share, s) => share * meanDurations[s]!));
  const length =
    isDistribution(fields.length) && modelFields(fields.length).type !== 'Null' ? fields.length : undefined;
  const chain = { first, transitions, meanDurations, length };
  return of(fields.type, 'state', emissions, weights, (dist) => fieldsOf(dist, [ITEMS]), chain);
}

/** Shares of the topics of a hierarchical mixture: those of its groups, averaged. */
function averageTopics({ w, tau }: ModelFields): readonly number[] | undefined {
  if (!Array.isArray(w) || !Array.isArray(tau)) return undefined;
  const groups = tau as readonly (readonly number[])[];
  return groups[0]?.map((_, t) => groups.reduce((sum, group, g) => sum + (w[g] as number) * group[t]!, 0));
}

function normalized(values: readonly number[]): readonly number[];
function normalized(values: readonly number[] | undefined): readonly number[] | undefined;
function normalized(values: readonly number[] | undefined): readonly number[] | undefined {
  const total = values?.reduce((sum, value) => sum + value, 0);
  return total !== undefined && total > 0 && total < Infinity ? values?.map((value) => value / total) : undefined;
}

/**
 * The share of each state in a long list. The chain that stays with probability 1/2 has the same shares, and does not
 * oscillate; where several classes of states are closed, the first state decides between them as it does in the model.
 */
function longRun(first: readonly number[], transitions: readonly (readonly number[])[]): readonly number[] {
  let power: readonly (readonly number[])[] = transitions.map((row, i) =>
    row.map((p, j) => (p + (i === j ? 1 : 0)) / 2),
  );
  for (let squaring = 0; squaring < 40; squaring++) {
    const next = power.map((row) => row.map((_, j) => row.reduce((sum, p, k) => sum + p * power[k]![j]!, 0)));
    // Squaring doubles rounding errors, too: each row is a distribution again.
    power = next.map((row) => normalized(row) ?? row);
  }
  return first.map((_, j) => first.reduce((sum, p, i) => sum + p * power[i]![j]!, 0));
}
