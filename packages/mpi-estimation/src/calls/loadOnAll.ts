import type { Codec, Communicator } from '../ports.js';
import { attemptAsync } from '../ranks/exchange.js';
import { modelFromRoot } from '../ranks/shareModel.js';

/**
 * Collective: the root loads a model, and every rank gets it. Only the root touches the file.
 * @param load  reads the model: `() => loadModel(path, codec)`
 * @throws {RankError} on every rank, when loading fails
 * @example
 * export const model = (load: () => Promise<object>, comm: Communicator, codec: Codec) => loadOnAll(load, { comm, codec });
 */
export async function loadOnAll<D>(
  load: () => D | Promise<D>,
  { comm, codec }: { readonly comm: Communicator; readonly codec: Codec },
): Promise<D> {
  return modelFromRoot(comm, codec, comm.rank === 0 ? await attemptAsync(async () => load()) : undefined);
}
