/** What the text of a model is made of: calls with arguments, and what a rule may ask of one. */

/** A model as plain data: its type, and its fields by name, children nested. */
export interface Description {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a rule may ask of the call that it translates. Each getter throws with the place of the call. */
export interface Arguments {
  /** A required argument of any kind, literals turned into plain values and calls into descriptions. */
  any(name: string): unknown;
  /** A number, an integer beyond 2^53 rounded to a double; `fallback` when the argument is missing or `None`. */
  number(name: string, fallback?: number): number;
  /** A child model. */
  model(name: string): Description;
  /** A child model, or `Null` when the argument is missing or `None`. */
  modelOrNull(name: string): Description;
  models(name: string): readonly Description[];
  numbers(name: string): readonly number[];
  /** A list of lists of numbers. */
  matrix(name: string): readonly (readonly number[])[];
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

/** Arguments that every constructor takes and that say nothing about the distribution. */
export const LABELS: readonly string[] = ['name', 'keys'];

/** Calls that wrap a string or a list, as NumPy prints them. */
export const STRING_CALLS = /^str_?$/;
export const LIST_CALLS = /^(array|list|tuple|asarray)$/;
export const SET_CALLS = /^(set|frozenset)$/;
