import type { Limits } from '../checks/limits.js';
import type { Registry } from './registry.js';

/** What a codec was created with. */
export interface Context {
  readonly registry: Registry;
  readonly limits: Limits;
  readonly allowCycles: boolean;
}
