import { formatValue, OptionError } from '../errors.js';
import type { Codec, Communicator } from '../ports.js';
import { checkComm } from '../ranks/agree.js';
import { attemptAsync } from '../ranks/exchange.js';
import { modelFromRoot } from '../ranks/shareModel.js';

/**
 * Collective: the root loads a model, and every rank gets it. Only the root touches the file.
 * @param load  reads the model: `() => loadModel(path, codec)`
 * @throws {OptionError} for arguments that are wrong
 * @throws {RankError} on every rank, when loading fails
 * @example
 * export const model = (load: () => Promise<object>, comm: Communicator, codec: Codec) => loadOnAll(load, { comm, codec });
 */
export async function loadOnAll<D>(
  load: () => D | Promise<D>,
  options: { readonly comm: Communicator; readonly codec: Codec },
): Promise<D> {
  checkComm('loadOnAll', 'the option comm', options?.comm);
  const { comm, codec } = options;
  const read = async () => {
    if (typeof load !== 'function') {
      throw new OptionError(`loadOnAll: the first argument must be a function, found ${formatValue(load)}.`);
    }
    if (typeof codec?.encode !== 'function') throw new OptionError('loadOnAll: pass a codec, which sends the model.');
    return load();
  };
  return modelFromRoot(comm, codec, comm.rank === 0 ? await attemptAsync(read) : undefined);
}
