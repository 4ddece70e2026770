/** Optional members that many families have, for `checkFamily`. A family adds what else it has. */
import type { OptionalMember } from '../src/testing/index.js';

/** A family of one value per row. */
export const LEAF = [
  'violation',
  'squaredDistances',
  'seqAddLogDensity',
  'statisticLength',
  'hasPrior',
  'parameterBlocks',
  'kind',
] as const satisfies readonly OptionalMember[];

/** A family with children. */
export const PARENT = [
  'violation',
  'parts',
  'slice',
  'take',
  'concat',
  'itemCount',
  'statisticLength',
  'hasPrior',
  'parameterBlocks',
  'kind',
  'children',
  'begin',
  'score',
  'seqInitialize',
] as const satisfies readonly OptionalMember[];

/** A mixture: its encoder is that of its components. */
export const MIXTURE = [
  'isUnbounded',
  'violation',
  'statisticLength',
  'hasPrior',
  'takesLabels',
  'parameterBlocks',
  'kind',
  'children',
  'begin',
  'score',
  'scoreSum',
  'seqInitialize',
] as const satisfies readonly OptionalMember[];
