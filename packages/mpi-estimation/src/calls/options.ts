/** The options of all calls: what they are, which values they take, and which of them ranks compare. */
import type { CheckpointOptions } from '../checkpoint/file.js';
import { formatValue, OptionError } from '../errors.js';
import type { Responsibilities } from '../fit/labels.js';
import type { Progress } from '../fit/progress.js';
import type { Acceleration, Codec, Columns, Communicator, Seed, StartMethod, StopOptions } from '../ports.js';
import type { ComparedOptions } from '../ranks/agree.js';
import { isShard, type Shard } from '../rows/encodedRows.js';
import type { EncodeOptions } from '../rows/encodeShard.js';
import { isRowList, type Rows } from '../rows/readRows.js';
import { spellingHint } from './spelling.js';

/** Options of {@link optimizeMpi}. All ranks pass the same; where a rank may differ, the option says so. */
export interface OptimizeMpiOptions<T, D, C> extends StopOptions, EncodeOptions<T> {
  /** The ranks that fit together. */
  readonly comm: Communicator;
  /** Needed where a model is sent or stored: with `initialModel` and with `checkpoint`. */
  readonly codec?: Codec;
  /** Seed of the start. Default 0. */
  readonly seed?: Seed;
  /** How the first model is drawn. Default `'kmeans++'`; rows without a distance fall back to `'random'`. */
  readonly start?: StartMethod;
  /** The first model, instead of a drawn one. Read on the root. */
  readonly initialModel?: D | null;
  /**
   * How much of each row each component of a mixture gets at the start, instead of drawing it: one list of K numbers >= 0
   * per row that this rank brought, `null` on a rank without rows. Every rank then holds all rows while the start is made.
   */
  readonly responsibilities?: Responsibilities;
  /** Rows that choose the best iterate but do not enter the fit; of this rank, as with `rows`. */
  readonly validation?: Rows<T> | Shard<C>;
  /**
   * `'auto'` takes longer steps than EM where they gain likelihood, and plain ones elsewhere; `'none'` is plain EM. Default
   * `'auto'`.
   */
  readonly acceleration?: Acceleration;
  /** Which ranks get the model. Default `'root'`. */
  readonly modelOn?: 'root' | 'all';
  /** How the root reports each iterate. Default `'lines'`. A rank may differ. */
  readonly progress?: Progress;
  /** Reports every so many iterates. Default 1. */
  readonly printEvery?: number;
  /** Ends the fit after the current iterate, with the best model so far. Any rank may abort. */
  readonly signal?: AbortSignal;
  /** Saves the state of the fit, so that it can go on after the job was killed. Needs `codec`. */
  readonly checkpoint?: CheckpointOptions;
}

/** What a value must be, in words and as a test. `undefined` means the default, unless the option is required. */
type Rule = readonly [expected: string, isGood: (value: unknown) => boolean, required?: 'required' | undefined];
type Rules = Readonly<Record<string, Rule>>;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** No date or map, which has no option of its own, so that nothing else would refuse it. */
const isRecord = (value: unknown): boolean => /^\[object (Object|Module)]$/.test(Object.prototype.toString.call(value));
const oneOf = (...values: readonly string[]): Rule => [
  values.map((value) => JSON.stringify(value)).join(' or '),
  (value) => values.includes(value as string),
];
const integer = (min: number, required?: 'required'): Rule => [
  `an integer >= ${min}`,
  (value) => Number.isInteger(value) && (value as number) >= min,
  required,
];

const isRows = (value: unknown): boolean =>
  value === null ||
  isRowList(value) ||
  isShard(value) ||
  (isObject(value) && typeof value[Symbol.asyncIterator as never] === 'function');
const ROWS: Rule = ['an array, an async iterable of arrays, or null for no rows', isRows, 'required'];

const RULES = {
  acceleration: oneOf('auto', 'none'),
  checkpoint: ['an object with a path', isRecord],
  codec: [
    'a codec: an object with id, encode and decode',
    (value) =>
      isObject(value) &&
      typeof value.id === 'string' &&
      typeof value.encode === 'function' &&
      typeof value.decode === 'function',
  ],
  comm: ['a communicator', isObject],
  criterion: oneOf('aic', 'bic', 'caic', 'sabic', 'icl'),
  delta: ['null or a number >= 0', (value) => value === null || (isNumber(value) && value >= 0)],
  deltaPerRow: ['a number >= 0', (value) => isNumber(value) && value >= 0],
  folds: integer(2),
  from: integer(1),
  initialModel: ['a model or null', (value) => typeof value === 'object'],
  maxIterations: integer(0),
  modelOn: oneOf('root', 'all'),
  patience: integer(1),
  printEvery: integer(1),
  progress: [
    '"lines", "bar", "silent" or a function',
    (value) => typeof value === 'function' || ['lines', 'bar', 'silent'].includes(value as string),
  ],
  responsibilities: ['a list of lists of numbers, or null', (value) => value === null || Array.isArray(value)],
  scoresOn: oneOf('own', 'root'),
  seed: ['a finite number or a string', (value) => typeof value === 'string' || Number.isFinite(value)],
  signal: ['an AbortSignal', (value) => typeof (value as Partial<AbortSignal> | null)?.aborted === 'boolean'],
  spill: ['an object, such as { folder: "/scratch" }', isRecord],
  start: oneOf('kmeans++', 'random'),
  to: integer(1, 'required'),
  trials: integer(1),
  unit: oneOf('items', 'sequences'),
  validation: [ROWS[0], isRows],
  weights: [
    'a list of numbers or a function of the row',
    (value) =>
      typeof value === 'function' ||
      (typeof value === 'object' && isNumber((value as { readonly length?: unknown } | null)?.length)),
  ],
} satisfies Rules;

/** Name of an option of any call. */
export type OptionName = keyof typeof RULES;

/** What every call that fits has. */
export const FIT_OPTIONS = [
  'acceleration',
  'codec',
  'comm',
  'delta',
  'deltaPerRow',
  'maxIterations',
  'modelOn',
  'printEvery',
  'progress',
  'seed',
  'signal',
  'spill',
  'start',
  'weights',
] as const satisfies readonly OptionName[];

/** Options that are records of options. */
const INNER_RULES: Readonly<Partial<Record<OptionName, Rules>>> = {
  checkpoint: {
    path: ['the path of a file', isText, 'required'],
    everyIterations: integer(1),
    keep: integer(1),
    required: ['true or false', isBoolean],
    resume: ['true or false', isBoolean],
  },
  spill: { folder: ['the path of a folder', isText] },
};

/**
 * @throws {OptionError} for rows that are no rows, an option that the call does not have, or a value that it cannot take
 */
export function checkOptions(call: string, rows: unknown, options: object, names: readonly OptionName[]): void {
  checkRecord(call, { rows }, { rows: ROWS });
  checkRecord(call, options, Object.fromEntries(names.map((name) => [name, RULES[name]])));
  const given = options as Readonly<Partial<Record<OptionName, unknown>>>;
  for (const [name, rules] of Object.entries(INNER_RULES)) {
    const inner = given[name as OptionName];
    if (inner !== undefined) checkRecord(call, inner as object, rules, `${name}.`);
  }
  if (given.checkpoint !== undefined && given.codec === undefined) {
    throw new OptionError(`${call}: checkpoint: models are stored, so pass a codec.`);
  }
  if ((given.responsibilities ?? null) !== null && (given.initialModel ?? null) !== null) {
    throw new OptionError(`${call}: give initialModel or responsibilities, not both.`);
  }
  if (given.weights !== undefined && isShard(rows)) {
    throw new OptionError(`${call}: these rows are encoded, and have their weights: pass weights to seqEncodeMpi.`);
  }
}

function checkRecord(call: string, record: object, rules: Rules, above = ''): void {
  const unknown = Object.keys(record).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    const known = Object.keys(rules).sort().join(', ');
    throw new OptionError(
      `${call}: unknown option "${above}${unknown}". Known: ${known}.${spellingHint(unknown, Object.keys(rules))}`,
    );
  }
  for (const [name, [expected, isGood, required]] of Object.entries(rules)) {
    const value = (record as Readonly<Record<string, unknown>>)[name];
    if (value === undefined ? required === undefined : isGood(value)) continue;
    throw new OptionError(`${call}: ${above}${name} must be ${expected}, found ${formatValue(value)}.`);
  }
}

/** Options that must be equal on all ranks, with the value that an absent one stands for. */
const COMPARED: ComparedOptions = {
  maxIterations: 1000,
  delta: undefined,
  deltaPerRow: undefined,
  seed: 0,
  start: 'kmeans++',
  acceleration: 'auto',
  modelOn: 'root',
  trials: 10,
  from: 1,
  to: undefined,
  criterion: 'bic',
  patience: 3,
  unit: 'items',
  folds: 5,
  scoresOn: 'own',
};

/** What ranks compare of the options of a call, and of how rows come. */
export function comparedOptions<T, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  options: {
    readonly codec?: Codec;
    readonly validation?: unknown;
    readonly responsibilities?: unknown;
    readonly checkpoint?: CheckpointOptions;
  },
  names: readonly OptionName[],
): ComparedOptions {
  const given = options as Readonly<Record<string, ComparedOptions[string]>>;
  const has = (name: string) => (names as readonly string[]).includes(name);
  const compared = Object.entries(COMPARED)
    .filter(([name]) => has(name))
    .map(([name, fallback]) => [name, given[name] === undefined ? fallback : given[name]]);
  const inner = Object.keys(INNER_RULES.checkpoint!).map((name) => [
    `checkpoint.${name}`,
    options.checkpoint?.[name as keyof CheckpointOptions],
  ]);
  return {
    'rows, encoded by seqEncodeMpi': isShard(rows),
    'codec, by its id': options.codec?.id,
    ...Object.fromEntries(compared),
    // A rank without validation rows passes null, not undefined.
    ...(has('validation') ? { 'validation, given': options.validation !== undefined } : {}),
    ...(has('responsibilities') ? { 'responsibilities, given': options.responsibilities !== undefined } : {}),
    ...(has('checkpoint') ? Object.fromEntries(inner) : {}),
  };
}
