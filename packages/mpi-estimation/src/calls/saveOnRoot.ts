import { formatValue, OptionError } from '../errors.js';
import type { Communicator } from '../ports.js';
import { checkComm } from '../ranks/agree.js';
import { attemptAsync, fromRoot } from '../ranks/exchange.js';

/**
 * Collective: the root saves a model, the other ranks wait for it and learn whether it worked.
 * @param model  read on the root only; `null` there is an error
 * @param save  writes the model to a file: `(model) => saveModel(path, model, codec)`
 * @throws {OptionError} on every rank, when the root has no model
 * @throws {RankError} on every rank, when saving fails
 * @example
 * export const keep = (fit: MpiFit<object>, comm: Communicator, save: (model: object) => Promise<void>) =>
 *   saveOnRoot(fit.model, save, comm);
 */
export async function saveOnRoot<D>(
  model: D | null | undefined,
  save: (model: D) => void | Promise<void>,
  comm: Communicator,
): Promise<void> {
  checkComm('saveOnRoot', 'the third argument', comm);
  const saved = await (comm.rank === 0
    ? attemptAsync(async () => {
        if (model === null || model === undefined) throw new OptionError('saveOnRoot: there is no model on rank 0.');
        if (typeof save !== 'function') {
          throw new OptionError(`saveOnRoot: the second argument must be a function, found ${formatValue(save)}.`);
        }
        await save(model);
        return null;
      })
    : undefined);
  fromRoot(comm, saved);
}
