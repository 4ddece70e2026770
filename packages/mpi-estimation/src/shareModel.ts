import { OptionError } from './errors.js';
import { attempt, fromRoot } from './exchange.js';
import type { Codec, Communicator } from './ports.js';

/**
 * Collective: the root's model on every rank.
 * @throws {RankError} on every rank when the root has no model, or no codec to send it
 */
export function shareModel<D>(
  comm: Communicator,
  codec: Codec | undefined,
  model: D | null | undefined,
  what: string,
): D {
  const own =
    comm.rank === 0
      ? attempt(() => {
          if (model === null || model === undefined) throw new OptionError(`${what} must be given on rank 0.`);
          if (comm.size === 1) return null;
          if (codec === undefined) throw new OptionError(`${what} is sent to the other ranks: pass a codec.`);
          // A codec may use its memory again.
          return codec.encode(model).slice();
        })
      : undefined;
  const bytes = fromRoot(comm, own);
  // The root's model went through the same check: it is what the caller says it is. So are the bytes made of it.
  return comm.rank === 0 ? (model as D) : (codec!.decode(bytes!) as D);
}
