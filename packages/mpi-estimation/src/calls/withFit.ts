/** What calls do around their own work: check arguments, compare them between ranks, encode rows, and free them at the end. */
import { claimCheckpoint } from '../checkpoint/claim.js';
import { OptionError } from '../errors.js';
import type { FitJob } from '../fit/job.js';
import { type Reporter, reporter } from '../fit/progress.js';
import type { Algorithm, Codec, Columns, Communicator, StopOptions } from '../ports.js';
import { agree, checkCall } from '../ranks/agree.js';
import { attempt } from '../ranks/exchange.js';
import { shareModel } from '../ranks/shareModel.js';
import { turn } from '../ranks/turn.js';
import { isShard, type Shard } from '../rows/encodedRows.js';
import { type EncodeOptions, encodeShard } from '../rows/encodeShard.js';
import type { Rows } from '../rows/readRows.js';
import { checkShard } from '../rows/shard.js';
import { Stopwatch } from '../timings.js';
import { checkOptions, comparedOptions, type OptimizeMpiOptions, type OptionName } from './options.js';

/** A public call: its name, and the options that it has. */
export interface Call {
  readonly name: string;
  readonly options: readonly OptionName[];
}

/** What every call is given. */
interface AnyOptions<T> extends EncodeOptions<T> {
  readonly comm: Communicator;
  readonly codec?: Codec;
}

/**
 * Collective, and the first step of every call.
 * @throws {OptionError} on every rank, for arguments that are wrong or differ between ranks
 */
export function begin<T, D, C extends Columns>(
  call: Call,
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: AnyOptions<T> & StopOptions & { readonly validation?: Rows<T> | Shard<C> },
): void {
  checkCall(call.name, algorithm, options);
  const compare = () => {
    checkOptions(call.name, rows, options, call.options);
    algorithm.stopping.check(options);
    for (const given of [rows, options.validation]) if (isShard(given)) checkShard(call.name, algorithm, given);
    return { options: comparedOptions(rows, options, call.options), estimator: algorithm.estimator };
  };
  agree(options.comm, call.name, attempt(compare));
}

/**
 * Collective: `use` with the encoded rows, which are freed when it ends in whatever way, unless the caller encoded them.
 * @param what  which rows they are, for errors: those of the fit have no name
 */
export async function withShard<T, D, C extends Columns, R>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  { comm, weights, spill }: AnyOptions<T>,
  use: (shard: Shard<C>) => Promise<R>,
  stopwatch = new Stopwatch(),
  what = '',
): Promise<R> {
  const shard = await encodeShard(comm, algorithm, rows, { weights, spill }, stopwatch).catch((error: unknown) => {
    throw what === '' ? error : about(what, error);
  });
  try {
    const result = await use(shard);
    await turn();
    return result;
  } finally {
    if (!isShard(rows)) shard.store.release();
  }
}

/**
 * Collective: everything around a call that takes a model beside the rows.
 * @param model  read on the root, when there is a codec
 */
export async function withModel<T, D, C extends Columns, R>(
  call: Call,
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  model: D | null | undefined,
  options: AnyOptions<T>,
  use: (shard: Shard<C>, model: D) => Promise<R>,
): Promise<R> {
  begin(call, rows, algorithm, options);
  const shared = shareModel(options.comm, options.codec, model, `${call.name}: the model`);
  return withShard(rows, algorithm, options, (shard) => use(shard, shared));
}

/**
 * Collective: everything around one or several fits to the same rows.
 * @param use  the fits; its result is that of the call
 */
export async function withFit<T, D, C extends Columns, R>(
  call: Call,
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: OptimizeMpiOptions<T, D, C>,
  use: (job: FitJob<T, D, C>, end: Reporter['end']) => Promise<R>,
): Promise<R> {
  const stopwatch = new Stopwatch();
  begin(call, rows, algorithm, options);
  const { comm, codec, signal, validation, checkpoint, progress = 'lines', seed = 0, acceleration = 'auto' } = options;
  const claim = checkpoint === undefined ? undefined : await claimCheckpoint(comm, checkpoint.path);
  const { report, end } = reporter(comm.rank === 0 ? progress : 'silent', options);
  const fitTo = (shard: Shard<C>) => async (validationShard: Shard<C> | undefined) => {
    if (validationShard !== undefined) checkRowCount(`${call.name}: validation`, validationShard);
    const fitted = { comm, algorithm, shard, validation: validationShard, codec };
    return use({ ...fitted, stop: options, acceleration, seed, signal, stopwatch, onIterate: report }, end);
  };
  const withValidation = (shard: Shard<C>) => {
    checkRowCount(call.name, shard);
    if (validation === undefined) return fitTo(shard)(undefined);
    return withShard(validation, algorithm, { comm, spill: options.spill }, fitTo(shard), stopwatch, 'validation');
  };
  try {
    return await withShard(rows, algorithm, options, withValidation, stopwatch);
  } finally {
    claim?.release();
  }
}

/** The same error, which begins with what it is about; in its stack, too, which is what an uncaught error prints. */
function about(what: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack } = error;
  error.message = `${what}: ${message}`;
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  return error;
}

/** @throws {OptionError} on every rank, when none has rows */
export function checkRowCount(what: string, { rowCount }: Shard<unknown>): void {
  if (rowCount === 0) throw new OptionError(`${what}: no rank has rows. Give at least one row.`);
}
