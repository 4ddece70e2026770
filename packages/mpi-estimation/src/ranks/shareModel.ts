import { OptionError } from '../errors.js';
import type { Codec, Communicator } from '../ports.js';
import { linesOf } from './agree.js';
import { attempt, exchange, fromRoot, type Outcome, settle } from './exchange.js';

/**
 * Collective: one model on every rank. With a codec, that of the root; without one every rank must give its own, and all
 * must be equal.
 * @param what  names the model in messages
 * @throws {RankError} on every rank when a model is missing
 * @throws {OptionError} on every rank when models differ
 */
export function shareModel<D>(
  comm: Communicator,
  codec: Codec | undefined,
  model: D | null | undefined,
  what: string,
): D {
  const given = attempt(() => {
    if (model !== null && model !== undefined) return model;
    const cure = codec === undefined && comm.size > 1 ? ' Give it on every rank, or pass a codec to send it.' : '';
    throw new OptionError(`${what} is missing.${cure}`);
  });
  if (codec === undefined || comm.size === 1) {
    const lines = 'failure' in given ? given : attempt(() => linesOf(given.value).join('\n'));
    const views = exchange(comm, lines);
    const other = views.findIndex((view) => view !== views[0]);
    if (other >= 0)
      throw new OptionError(`${what} differs between ranks 0 and ${other}. Pass a codec, to send that of rank 0.`);
    return (given as { value: D }).value; // else exchange has thrown
  }
  return modelFromRoot(comm, codec, comm.rank === 0 ? given : undefined);
}

/**
 * Collective: the root's model on every rank, by the codec.
 * @param own  read on the root only
 * @throws {RankError} on every rank, when the root has no model, or one rank cannot decode it
 */
export function modelFromRoot<D>(comm: Communicator, codec: Codec, own: Outcome<D> | undefined): D {
  const isOnRoot = own !== undefined && 'value' in own;
  // A codec may use its memory again, hence the copy.
  const bytes = fromRoot(comm, isOnRoot ? attempt(() => codec.encode(own.value).slice()) : own);
  return decodeOnAll(comm, codec, bytes, isOnRoot ? own.value : undefined);
}

/**
 * Collective: the decoded value. A rank that cannot decode it ends the call on all ranks.
 * @param decoded  the value, where it is known
 */
export function decodeOnAll<V>(comm: Communicator, codec: Codec, bytes: Uint8Array, decoded?: V): V {
  // Made from a V by the same codec.
  return settle(
    comm,
    attempt(() => decoded ?? (codec.decode(bytes) as V)),
  );
}
