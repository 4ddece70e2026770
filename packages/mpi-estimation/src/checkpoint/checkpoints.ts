/** Saves the state of a fit on the root, and brings it back on all ranks. */

import { CheckpointError } from '../errors.js';
import type { FitJob, FitState } from '../fit/job.js';
import type { Codec, Columns } from '../ports.js';
import { linesOf } from '../ranks/agree.js';
import { attemptAsync, fromRoot } from '../ranks/exchange.js';
import { decodeOnAll } from '../ranks/shareModel.js';
import { fingerprintOf, hashOf } from '../rows/fingerprint.js';
import { type CheckpointOptions, readCheckpoint, refuseForeign, setAside, writeCheckpoint } from './file.js';

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
 * @throws {RankError} on every rank, when all checkpoints are damaged, or the newest belongs to another fit
 */
export async function checkpointsOf<T, D, C extends Columns>(
  { comm, algorithm, shard, validation }: FitJob<T, D, C>,
  options: Readonly<Record<string, unknown>>,
  { path, everyIterations = 10, keep = 2, resume = false, required = false }: CheckpointOptions,
  codec: Codec,
): Promise<Checkpoints<D>> {
  const { responsibilities } = options;
  const identity = linesOf({
    ...options,
    ...(responsibilities === undefined ? {} : { responsibilities: hashOf(responsibilities) }),
    estimator: algorithm.estimator,
    rows: await fingerprintOf(comm, algorithm, shard),
    validation: validation === undefined ? null : await fingerprintOf(comm, algorithm, validation),
  });
  const isRoot = comm.rank === 0;
  const read = async (): Promise<Uint8Array | null> => {
    if (!resume) {
      await refuseForeign(path);
      return null;
    }
    const found = await readCheckpoint(path, keep, codec);
    if (found === undefined) return null;
    checkIdentity(path, (codec.decode(found.payload) as SavedFit<D>).identity, identity);
    await setAside(path, found);
    return found.payload;
  };
  const payload = fromRoot(comm, isRoot ? await attemptAsync(read) : undefined);
  return {
    // Written by `save` below: checksum and identity agree.
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
