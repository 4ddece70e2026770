import { attemptAsync, fromRoot } from './exchange.js';
import type { Codec, Communicator } from './ports.js';

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
  const loaded =
    comm.rank === 0
      ? await attemptAsync(async () => {
          const model = await load();
          // A codec may use its memory again, hence the copy.
          return { model, bytes: comm.size === 1 ? new Uint8Array(0) : codec.encode(model).slice() };
        })
      : undefined;
  const sent = loaded === undefined || 'failure' in loaded ? loaded : { value: loaded.value.bytes };
  const bytes = fromRoot(comm, sent);
  // Made from a D by the same codec.
  return loaded !== undefined && 'value' in loaded ? loaded.value.model : (codec.decode(bytes) as D);
}
