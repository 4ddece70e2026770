import type { Limits } from '../checks/limits.js';
import type { TypeLookup } from './registry.js';

/** What a codec was created with. */
export interface Context {
  readonly registry: TypeLookup;
  readonly limits: Limits;
  readonly allowCycles: boolean;
}
