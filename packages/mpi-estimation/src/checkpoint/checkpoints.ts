/** Saves the state of a fit on the root, and brings it back on all ranks. */
import { type CheckpointOptions, readCheckpoint, refuseForeign, writeCheckpoint } from './file.js';
import type { Shard } from '../rows/encodedRows.js';
import { CheckpointError, OptionError } from '../errors.js';
import { attemptAsync, fromRoot } from '../ranks/exchange.js';
import { fingerprintOf } from '../rows/fingerprint.js';
import type { FitState } from '../fit/runFit.js';
import type { Algorithm, Codec, Columns, Communicator } from '../ports.js';
import { decodeOnAll } from '../ranks/shareModel.js';
import { linesOf } from '../ranks/agree.js';

/** What must be the same in the fit that wrote a checkpoint and the one that goes on from it: one line per fact. */
type Identity = readonly string[];

/** What a checkpoint holds. */
interface SavedFit<D> {
  readonly identity: Identity;
  /** For information: a fit may go on with another number. */
  readonly rankCount: number;
  readonly state: FitState<D>;
}

/** Checkpoints of one fit. */
export interface Checkpoints<D> {
  /** Where the fit left off, if it is to go on and has been saved before. The same on every rank. */
  readonly saved: FitState<D> | undefined;
  /** On the root, saves every so many M steps. @throws when checkpoints are required and cannot be written */
  save(state: FitState<D>): Promise<void>;
}

/**
 * Collective: reads the newest checkpoint, when the fit is to go on from it.
 * @param options  those that make this fit what it is
 * @throws {RankError} on every rank, for a checkpoint that is damaged or belongs to another fit
 */
export async function checkpointsOf<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  shards: { readonly shard: Shard<C>; readonly validation: Shard<C> | undefined },
  options: Readonly<Record<string, unknown>>,
  { path, everyIterations = 10, keep = 2, resume = false, required = false }: CheckpointOptions,
  codec: Codec,
): Promise<Checkpoints<D>> {
  const identity = linesOf({
    ...options,
    estimator: algorithm.estimator,
    rows: await fingerprintOf(comm, algorithm, shards.shard),
    validation: shards.validation === undefined ? null : await fingerprintOf(comm, algorithm, shards.validation),
  });
  const isRoot = comm.rank === 0;
  const read = async (): Promise<Uint8Array | null> => {
    if (!resume) {
      await refuseForeign(path);
      return null;
    }
    const payload = await readCheckpoint(path, keep, codec);
    if (payload === undefined) return null;
    checkIdentity(path, (codec.decode(payload) as SavedFit<D>).identity, identity);
    return payload;
  };
  const payload = fromRoot(comm, isRoot ? await attemptAsync(read) : undefined);
  return {
    // Written by `save` below; the checksum and the identity say so.
    saved: payload === null ? undefined : decodeOnAll<SavedFit<D>>(comm, codec, payload).state,
    async save(state) {
      if (!isRoot || state.path.length % everyIterations !== 0) return;
      try {
        const saved: SavedFit<D> = { identity, rankCount: comm.size, state };
        await writeCheckpoint(path, keep, codec, saved);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `the checkpoint ${path} was not written after iteration ${state.path.length}: ${reason}`;
        if (required) throw new CheckpointError(message, { cause: error });
        process.emitWarning(`${message}. The fit goes on.`, 'CheckpointWarning');
      }
    },
  };
}

function checkIdentity(path: string, saved: Identity, own: Identity): void {
  const line = own.findIndex((fact, i) => fact !== saved[i]);
  if (line < 0 && saved.length === own.length) return;
  const [there, here] = [saved, own].map((facts) => (facts[Math.max(line, 0)] ?? 'nothing').replace(/^[.:]\s*/, ''));
  throw new CheckpointError(
    `${path} belongs to another fit: "${there}" there, "${here}" here. Resume with the same rows, estimator and options, or choose another path.`,
  );
}

/** @throws {OptionError} for options out of range */
export function checkCheckpoint(options: CheckpointOptions | undefined, codec: Codec | undefined): void {
  if (options === undefined) return;
  if (codec === undefined) throw new OptionError('checkpoint: models are stored, so pass a codec.');
  for (const name of ['everyIterations', 'keep'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw new OptionError(`checkpoint: ${name} must be an integer >= 1, found ${value}.`);
    }
  }
}
