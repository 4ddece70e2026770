/** What is checked of the options of a call before the first message, and what ranks compare. */
import { OptionError } from './errors.js';
import type { OptimizeMpiOptions } from './optimizeMpi.js';
import type { Rows } from './rows.js';
import { isShard, type Shard } from './shard.js';
import type { ComparedOptions } from './signature.js';

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
