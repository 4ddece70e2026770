/** What tests of families over sets share. */
import type { OptionalMember } from '../src/testing/index.js';

/** The optional members of a family over sets. */
export const SETS = [
  'violation',
  'sameAs',
  'slice',
  'take',
  'concat',
  'itemCount',
  'squaredDistances',
  'mode',
  'entropy',
  'statisticLength',
  'hasPrior',
  'parameterBlocks',
  'kind',
  'begin',
  'score',
  'seqInitialize',
] as const satisfies readonly OptionalMember[];

/** The optional members of a family over pairs of sets, with a model of the first. */
export const EDITS = [
  'violation',
  'sameAs',
  'parts',
  'slice',
  'take',
  'concat',
  'itemCount',
  'squaredDistances',
  'statisticLength',
  'hasPrior',
  'parameterBlocks',
  'kind',
  'children',
  'begin',
  'score',
  'seqInitialize',
] as const satisfies readonly OptionalMember[];

/** All 2^n subsets of some items. */
export function subsetsOf<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, code) => items.filter((_, j) => Math.floor(code / 2 ** j) % 2));
}

/** All d! rankings of d items. */
export function rankingsOf(d: number): number[][] {
  if (d === 0) return [[]];
  return rankingsOf(d - 1).flatMap((rest) =>
    Array.from({ length: d }, (_, at) => [...rest.slice(0, at), d - 1, ...rest.slice(at)]),
  );
}
