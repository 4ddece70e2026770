/** A page has no disk: in place of `spill.ts`. */
import { SpillError } from '../errors.js';

function refuse(): never {
  throw new SpillError('spill: a page has no disk for rows. Leave the option out.');
}

export { refuse as builderOnDisk, refuse as storeOnDisk };
