/** A model as plain data: its type, and its fields by name, children nested. */
export interface Description {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a rule may ask of the call that it translates. Each getter throws with the place of the call. */
export interface Arguments {
  /** A required argument of any kind, literals turned into plain values and calls into descriptions. */
  any(name: string): unknown;
  /** A number; `fallback` when the argument is missing or `None`. */
  number(name: string, fallback?: number): number;
  /** A child model. */
  model(name: string): Description;
  models(name: string): readonly Description[];
  numbers(name: string): readonly number[];
  map(name: string): ReadonlyMap<unknown, unknown>;
  /** True when the argument was given and is not `None`. */
  has(name: string): boolean;
  refuse(name: string, expected: string): never;
}

export interface DmxFamily {
  /** Names of the arguments in the order in which they may be given without a name. */
  readonly parameters: readonly string[];
  /** The description whose fields are those of the family's class in `@dml/stats`. */
  describe(given: Arguments): Description;
}

/**
 * The constructors of dmx-learn that have a counterpart in `@dml/stats`, by their printed names. To add a family, add
 * its entry here. `name` and `keys` may follow the parameters of every family; they do not change the model.
 */
export const FAMILIES: Readonly<Record<string, DmxFamily>> = {
  GaussianDistribution: {
    parameters: ['mu', 'sigma2'],
    describe: (given) => ({ type: 'Gaussian', mu: given.number('mu'), sigma2: given.number('sigma2') }),
  },
  CategoricalDistribution: {
    parameters: ['pmap', 'default_value'],
    describe: (given) => {
      const levels = given.map('pmap');
      const p = [...levels.values()].map((value) => {
        return typeof value === 'number' ? value : given.refuse('pmap', 'a dictionary of numbers');
      });
      return { type: 'Categorical', levels: [...levels.keys()], p, unseen: given.number('default_value', 0) };
    },
  },
  CompositeDistribution: {
    parameters: ['dists'],
    describe: (given) => ({ type: 'Composite', dists: given.models('dists') }),
  },
  MixtureDistribution: {
    parameters: ['components', 'w'],
    describe: (given) => ({ type: 'Mixture', components: given.models('components'), w: given.numbers('w') }),
  },
  OptionalDistribution: {
    parameters: ['dist', 'p', 'missing_value'],
    describe: (given) => ({
      type: 'Optional',
      dist: given.model('dist'),
      p: given.has('p') ? given.number('p') : null,
      missing: given.has('missing_value') ? given.any('missing_value') : null,
    }),
  },
};

/** Arguments that every constructor takes and that say nothing about the distribution. */
export const LABELS: readonly string[] = ['name', 'keys'];

/** Calls that wrap a number or a list, as NumPy prints them. */
export const NUMBER_CALLS = /^(float|int|bool_?|u?int(8|16|32|64)|float(16|32|64|128)|longdouble)$/;
export const LIST_CALLS = /^(array|list|tuple|asarray)$/;
export const SET_CALLS = /^(set|frozenset)$/;
