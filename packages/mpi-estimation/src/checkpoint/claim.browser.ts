/** A page has no files: in place of `claim.ts`. */
import { CheckpointError } from '../errors.js';

export function claimCheckpoint(): never {
  throw new CheckpointError('checkpoint: a page has no files. Leave the option out.');
}
