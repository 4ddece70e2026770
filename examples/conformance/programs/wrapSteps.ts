import type { Algorithm, Steps } from '@dml/mpi-estimation';

/** The same algorithm, with some of its steps replaced. */
export function wrapSteps<A extends object>(algorithm: A, replaced: Partial<Steps<never, never>>): A {
  const { steps } = algorithm as unknown as Algorithm<never, never, never>;
  return { ...algorithm, steps: (schema: never) => ({ ...steps(schema), ...replaced }) };
}
