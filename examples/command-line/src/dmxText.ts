/** Models as the text that dmx-learn prints: what `importDmx` of `@dml/serialize` reads, the other way round. */

import type { AnyDistribution } from '@dml/stats';
import { TableError } from '@dml-examples/tables';

/** A model as its `toJSON` describes it: children are models. */
type Fields = Readonly<Record<string, unknown>>;
type Argument = readonly [name: string, text: string];
type Form = (fields: Fields, write: DmxWriter) => readonly [family: string, ...(readonly Argument[])];

/**
 * The model as one constructor expression. What is a record here is a composite there: its fields become places, in their order.
 * @throws {TableError} naming every family that dmx-learn does not have
 * @example
 * dmxText(new GaussianDistribution({ mu: 1.5, sigma2: 4 })); // 'GaussianDistribution(mu=1.5, sigma2=4.0)'
 */
export function dmxText(model: AnyDistribution): string {
  const writer = new DmxWriter();
  const text = writer.model(model);
  if (writer.unknown.size === 0) return text;
  throw new TableError(`dmx-learn has no counterpart of ${[...writer.unknown].sort().join(', ')}.`);
}

class DmxWriter {
  /** Types, or types with an option, that have no counterpart. */
  readonly unknown = new Set<string>();

  model(value: unknown): string {
    const fields = (value as { toJSON(): Fields }).toJSON();
    const type = String(fields.type);
    const form = FORMS[type];
    if (form === undefined) {
      this.unknown.add(type);
      return '';
    }
    const [family, ...given] = form(fields, this);
    return `${family}Distribution(${given.map(([name, text]) => `${name}=${text}`).join(', ')})`;
  }

  models(list: unknown): string {
    return inBrackets(list, (child) => this.model(child));
  }

  /** What a model here may have and there cannot. */
  refuse(what: string, isThere: boolean): void {
    if (isThere) this.unknown.add(what);
  }
}

/** As Python prints a float. */
function float(value: unknown): string {
  const x = value as number;
  if (!Number.isFinite(x)) return `float("${Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf'}")`;
  const text = Object.is(x, -0) ? '-0' : String(x);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A level, or any other plain value. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : float(value);
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value); // its escapes are Python's, too
}

function inBrackets<T>(list: unknown, text: (item: T) => string): string {
  return `[${Array.from(list as ArrayLike<T>, text).join(', ')}]`;
}

const floats = (list: unknown): string => inBrackets(list, float);
const matrix = (rows: unknown): string => inBrackets(rows, floats);
const integers = (list: unknown): string => inBrackets(list, literal);

function dictionary(keys: readonly unknown[], values: readonly string[]): string {
  return `{${keys.map((key, i) => `${literal(key)}: ${values[i]}`).join(', ')}}`;
}

function probabilities(fields: Fields): string {
  return dictionary(fields.levels as readonly unknown[], Array.from(fields.p as readonly number[], float));
}

/** `[level, probability]` pairs. */
function pairs(list: unknown): string {
  const entries = list as readonly (readonly [unknown, number])[];
  return dictionary(
    entries.map(([level]) => level),
    entries.map(([, p]) => float(p)),
  );
}

const logs = (list: unknown): string => inBrackets(list, (p: number) => float(Math.log(p)));

/** A family of which every parameter is a float, by its name here and there. */
function plain(family: string, names: Readonly<Record<string, string>>): Form {
  return (fields) => [family, ...Object.entries(names).map(([own, theirs]): Argument => [theirs, float(fields[own])])];
}

const isGap = (fields: Fields): boolean => fields.missing !== undefined;

/** A mixture with a point: there it is a family of its own, as points are none. */
function diracMixture({ components, w }: Fields, write: DmxWriter): ReturnType<Form> | undefined {
  const [first, second, ...others] = components as readonly unknown[];
  const { type, value } = (second as { toJSON(): Fields } | undefined)?.toJSON() ?? {};
  if (type !== 'Dirac' || others.length > 0) return undefined;
  const [p] = w as readonly number[];
  return ['DiracMixture', ['dist', write.model(first)], ['p', float(p)], ['v', literal(value)]];
}

/** By type, in the order of `FAMILIES` in `@dml/serialize`. */
const FORMS: Readonly<Record<string, Form>> = {
  Gaussian: plain('Gaussian', { mu: 'mu', sigma2: 'sigma2' }),
  Categorical: (fields) => ['Categorical', ['pmap', probabilities(fields)], ['default_value', float(fields.unseen)]],
  Bernoulli: ({ p }) => [
    'Categorical',
    ['pmap', dictionary([false, true], [float(1 - (p as number)), float(p)])],
    ['default_value', '0.0'],
  ],
  Composite: ({ dists }, write) => ['Composite', ['dists', write.models(dists)]],
  Record: ({ fields }, write) => ['Composite', ['dists', write.models(Object.values(fields as object))]],
  Mixture: (fields, write) =>
    diracMixture(fields, write) ?? [
      'Mixture',
      ['components', write.models(fields.components)],
      ['w', floats(fields.w)],
    ],
  Optional: ({ dist, p, missing }, write) => [
    'Optional',
    ['dist', write.model(dist)],
    ['p', p === null ? 'None' : float(p)],
    ['missing_value', literal(missing)],
  ],
  Conditional: ({ levels, dists, otherwise, given }, write) => [
    'Conditional',
    [
      'dmap',
      dictionary(
        levels as readonly unknown[],
        (dists as readonly unknown[]).map((dist) => write.model(dist)),
      ),
    ],
    ['default_dist', otherwise === null ? 'NullDistribution()' : write.model(otherwise)],
    ['given_dist', write.model(given)],
  ],
  Ignored: ({ dist }, write) => ['Ignored', ['dist', write.model(dist)]],
  Null: () => ['Null'],
  Sequence: sequenceForm('Sequence'),
  Multinomial: sequenceForm('Multinomial'),
  Weighted: ({ dist }, write) => ['Weighted', ['dist', write.model(dist)]],
  BernoulliSet: (fields) => ['BernoulliSet', ['pmap', probabilities(fields)], ['min_prob', float(fields.minP)]],
  Binomial: ({ p, n, min }) => ['Binomial', ['p', float(p)], ['n', literal(n)], ['min_val', literal(min)]],
  DiagonalGaussian: (fields, write) => {
    write.refuse('DiagonalGaussian with gaps', isGap(fields));
    return ['DiagonalGaussian', ['mu', floats(fields.mu)], ['covar', floats(fields.sigma2)]];
  },
  Dirichlet: ({ alpha }) => ['Dirichlet', ['alpha', floats(alpha)]],
  Exponential: plain('Exponential', { mean: 'beta' }),
  Gamma: plain('Gamma', { shape: 'k', scale: 'theta' }),
  Geometric: plain('Geometric', { p: 'p' }),
  IntegerChowLiuTree: ({ parents, conditional }) => [
    'ICLTree',
    ['dependency_list', integers(parents)],
    [
      'conditional_log_densities',
      // The root has a vector, any other feature a table.
      inBrackets(conditional, (table: readonly (readonly number[])[]) =>
        table.length === 1 ? logs(table[0]) : inBrackets(table, logs),
      ),
    ],
  ],
  IntegerBernoulliEdit: ({ added, kept, minP, initial }, write) => {
    const [ofAdded, ofKept] = [added as readonly number[], kept as readonly number[]];
    const least = (p: number) => Math.max(p, minP as number);
    const rows = ofAdded.map((p, i) => {
      const q = ofKept[i]!;
      return minP === 0 ? [p, q] : [least(1 - p), least(1 - q), p, q];
    });
    const family = minP === 0 ? 'IntegerBernoulliEdit' : 'IntegerStepBernoulliEdit';
    return [family, ['log_edit_pmat', inBrackets(rows, logs)], ['init_dist', write.model(initial)]];
  },
  IntegerBernoulliSet: ({ p, minP }) => {
    const present = p as readonly number[];
    const absent = present.map((share) => Math.max(1 - share, minP as number));
    return ['IntegerBernoulliSet', ['log_pvec', logs(present)], ['log_nvec', minP === 0 ? 'None' : logs(absent)]];
  },
  IntegerCategorical: ({ min, p }) => ['IntegerCategorical', ['min_val', literal(min)], ['p_vec', floats(p)]],
  LogGaussian: plain('LogGaussian', { mu: 'mu', sigma2: 'sigma2' }),
  MultivariateGaussian: (fields, write) => {
    write.refuse('MultivariateGaussian with gaps', isGap(fields));
    return ['MultivariateGaussian', ['mu', floats(fields.mu)], ['covar', matrix(fields.covariance)]];
  },
  SpikeAndSlab: ({ min, max, spike, p }) => [
    'SpikeAndSlab',
    ['k', literal(spike)],
    ['num_vals', literal((max as number) - (min as number) + 1)],
    ['p', float(p)],
    ['min_val', literal(min)],
  ],
  SpearmanRanking: ({ sigma, rho }) => ['SpearmanRanking', ['sigma', floats(sigma)], ['rho', float(rho)]],
  Poisson: plain('Poisson', { lambda: 'lam' }),
  VonMisesFisher: ({ mu, kappa }) => ['VonMisesFisher', ['mu', floats(mu)], ['kappa', float(kappa)]],
  HierarchicalMixture: ({ topics, w, tau, length }, write) => [
    'HierarchicalMixture',
    ['topics', write.models(topics)],
    ['mixture_weights', floats(w)],
    ['topic_weights', matrix(tau)],
    ['len_dist', write.model(length)],
  ],
  SemiSupervisedMixture: ({ components, w }, write) => [
    'SemiSupervisedMixture',
    ['components', write.models(components)],
    ['w', floats(w)],
  ],
  JointMixture: ({ components1, components2, w1, w2, tau12, tau21 }, write) => [
    'JointMixture',
    ['components1', write.models(components1)],
    ['components2', write.models(components2)],
    ['w1', floats(w1)],
    ['w2', floats(w2)],
    ['taus12', matrix(tau12)],
    ['taus21', matrix(tau21)],
  ],
  LatentDirichletAllocation: ({ topics, alpha, length, gammaThreshold }, write) => [
    'LDA',
    ['topics', write.models(topics)],
    ['alpha', floats(alpha)],
    ['len_dist', write.model(length)],
    ['gamma_threshold', float(gammaThreshold)],
  ],
  IntegerPlsi: ({ words, states, documents, length }, write) => {
    const byState = words as readonly (readonly number[])[];
    const byWord = Array.from(byState[0] ?? [], (_, word) => byState.map((row) => row[word]!));
    return [
      'IntegerPLSI',
      ['state_word_mat', matrix(byWord)],
      ['doc_state_mat', matrix(states)],
      ['doc_vec', floats(documents)],
      ['len_dist', write.model(length)],
    ];
  },
  HiddenAssociation: ({ conditional, given, length }, write) => [
    'HiddenAssociation',
    ['cond_dist', write.model(conditional)],
    ['given_dist', write.model(given)],
    ['len_dist', write.model(length)],
  ],
  IntegerHiddenAssociation: ({ states, targets, background, given, length }, write) => [
    'IntegerHiddenAssociation',
    ['state_prob_mat', matrix(targets)],
    ['cond_weights', matrix(states)],
    ['alpha', float(background)],
    ['prev_dist', write.model(given)],
    ['len_dist', write.model(length)],
  ],
  SparseMarkovAssociation: ({ initial, transitions, background, length }, write) => {
    const { from, to, p } = transitions as Fields;
    return [
      'SparseMarkovAssociation',
      ['init_prob_vec', floats(initial)],
      ['cond_prob_mat', `(${floats(p)}, (${integers(from)}, ${integers(to)}))`],
      ['alpha', float(background)],
      ['len_dist', write.model(length)],
    ];
  },
  MarkovChain: ({ initial, transitions, length, unseen }, write) => {
    const rows = transitions as readonly (readonly [unknown, unknown])[];
    const table = dictionary(
      rows.map(([state]) => state),
      rows.map(([, row]) => pairs(row)),
    );
    return [
      'MarkovChain',
      ['init_prob_map', pairs(initial)],
      ['transition_map', table],
      ['len_dist', write.model(length)],
      ['default_value', float(unseen)],
    ];
  },
  IntegerMarkovChain: ({ conditional, lag, initial, length }, write) => [
    'IntegerMarkovChain',
    ['num_values', literal((conditional as readonly (readonly number[])[])[0]?.length ?? 0)],
    ['cond_dist', matrix(conditional)],
    ['lag', literal(lag)],
    ['init_dist', write.model(initial)],
    ['len_dist', write.model(length)],
  ],
  HiddenMarkov: ({ emissions, w, transitions, length, terminalValues, end }, write) => {
    write.refuse('HiddenMarkov with probabilities of ending', end !== undefined);
    const terminal = terminalValues as readonly unknown[];
    return [
      'HiddenMarkovModel',
      ['topics', write.models(emissions)],
      ['w', floats(w)],
      ['transitions', matrix(transitions)],
      ['taus', 'None'],
      ['len_dist', write.model(length)],
      ['terminal_values', terminal.length === 0 ? 'None' : `{${terminal.map(literal).join(', ')}}`],
    ];
  },
  LookbackHiddenMarkov: ({ emissions, initialEmissions, w, transitions, lag, length }, write) => [
    'LookbackHiddenMarkov',
    ['topics', write.models(emissions)],
    ['w', floats(w)],
    ['transitions', matrix(transitions)],
    ['lag', literal(lag)],
    ['init_dist', write.models(initialEmissions)],
    ['len_dist', write.model(length)],
  ],
  TreeHiddenMarkov: ({ emissions, w, transitions, childCount, maxDepth }, write) => [
    'TreeHiddenMarkovModel',
    ['topics', write.models(emissions)],
    ['w', floats(w)],
    ['transitions', matrix(transitions)],
    ['len_dist', write.model(childCount)],
    ['terminal_level', literal(maxDepth)],
  ],
};

function sequenceForm(family: string): Form {
  return ({ dist, length, lengthNormalized }, write) => [
    family,
    ['dist', write.model(dist)],
    ['len_dist', write.model(length)],
    ['len_normalized', literal(lengthNormalized)],
  ];
}
