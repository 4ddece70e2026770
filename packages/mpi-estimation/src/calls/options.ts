/** The options of the calls that fit: what they are, what is checked before the first message, and what ranks compare. */
import type { CheckpointOptions } from '../checkpoint/file.js';
import { isShard, type Shard } from '../rows/encodedRows.js';
import { OptionError } from '../errors.js';
import type { Codec, Communicator, Seed, StartMethod, StopOptions } from '../ports.js';
import type { Progress } from '../fit/progress.js';
import type { Rows, Weights } from '../rows/readRows.js';
import type { ComparedOptions } from '../ranks/agree.js';
import type { SpillOptions } from '../rows/spill.js';

/** How rows are encoded and kept. */
export interface EncodeOptions<T> {
  /** Weights of this rank's rows: on all ranks that bring rows, or on none. Default 1. */
  readonly weights?: Weights<T> | undefined;
  /** Keeps encoded rows on disk instead of in memory. Default: in memory. */
  readonly spill?: SpillOptions | undefined;
}

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
  /** Rows that choose the best iterate but do not enter the fit; of this rank, as with `rows`. */
  readonly validation?: Rows<T> | Shard<C>;
  /** Which ranks get the model. Default `'root'`. */
  readonly modelOn?: 'root' | 'all';
  /** How the root tells of each iterate. Default `'lines'`. */
  readonly progress?: Progress;
  /** Tells of every so many iterates. Default 1. */
  readonly printEvery?: number;
  /** Ends the fit after the iterate at hand, with the best model so far. Any rank may abort. */
  readonly signal?: AbortSignal;
  /** Saves the state of the fit, so that it can go on after the job was killed. Needs `codec`. */
  readonly checkpoint?: CheckpointOptions;
}

/** @throws {OptionError} naming an unknown option */
export function checkNames(call: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new OptionError(`${call}: unknown option "${name}". Known: ${known.join(', ')}.`);
  }
}

type AnyOptions = OptimizeMpiOptions<never, never, never>;

const PROGRESS = ['lines', 'bar', 'silent'];

/** @throws {OptionError} for a value that an option cannot have; of those that the stopping rule does not check */
export function checkValues(
  call: string,
  {
    seed,
    start,
    modelOn,
    progress,
    printEvery,
  }: Partial<Pick<AnyOptions, 'seed' | 'start' | 'modelOn' | 'progress' | 'printEvery'>>,
): void {
  const mustBe = (name: string, isGood: boolean, expected: string, found: unknown) => {
    if (!isGood) throw new OptionError(`${call}: ${name} must be ${expected}, found ${JSON.stringify(found)}.`);
  };
  const isSeed = typeof seed === 'string' || Number.isFinite(seed ?? 0);
  mustBe('seed', isSeed, 'a finite number or a string', seed);
  mustBe('start', ['kmeans++', 'random', undefined].includes(start), '"kmeans++" or "random"', start);
  mustBe('modelOn', ['root', 'all', undefined].includes(modelOn), '"root" or "all"', modelOn);
  const isProgress = progress === undefined || typeof progress === 'function' || PROGRESS.includes(progress);
  mustBe('progress', isProgress, '"lines", "bar", "silent" or a function', progress);
  const isCount = printEvery === undefined || (Number.isInteger(printEvery) && printEvery >= 1);
  mustBe('printEvery', isCount, 'an integer >= 1', printEvery);
}

/** Options that must be equal on all ranks, with their defaults. */
export function comparedOptions<T, D, C>(
  rows: Rows<T> | Shard<C>,
  options: Partial<OptimizeMpiOptions<T, D, C>>,
): ComparedOptions {
  const { maxIterations = 100, seed = 0, start = 'kmeans++', modelOn = 'root', checkpoint } = options;
  return {
    ...comparedInput(rows, options.codec?.id),
    maxIterations,
    delta: options.delta,
    deltaPerRow: options.deltaPerRow,
    seed,
    start,
    modelOn,
    // A rank without validation rows passes null, not undefined.
    'validation, given': options.validation !== undefined,
    'checkpoint.path': checkpoint?.path,
    'checkpoint.everyIterations': checkpoint?.everyIterations,
    'checkpoint.keep': checkpoint?.keep,
    'checkpoint.resume': checkpoint?.resume,
    'checkpoint.required': checkpoint?.required,
  };
}

/** What every call compares: how rows come, and what sends objects. */
export function comparedInput<T, C>(rows: Rows<T> | Shard<C>, codecId: string | undefined): ComparedOptions {
  return { 'rows, encoded by seqEncodeMpi': isShard(rows), 'codec, by its id': codecId };
}
