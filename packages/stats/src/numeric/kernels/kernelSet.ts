/** The sets of kernels that an implementation has started. */
import type { KernelSet } from './kernels.js';

/** Gives the kernels of each set, made at the first request. */
export function setsOf(make: <K>(set: KernelSet<K>) => K): <K>(set: KernelSet<K>) => K {
  const made = new Map<unknown, unknown>();
  return <K>(set: KernelSet<K>) => {
    let kernels = made.get(set);
    if (kernels === undefined) {
      kernels = make(set);
      made.set(set, kernels);
    }
    return kernels as K; // what is there for a set was made from it
  };
}
