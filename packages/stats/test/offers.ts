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
  'sameAs',
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

/** The encoder of a mixture, which hands on what those of its components offer. */
export const ENCODER = [
  'violation',
  'sameAs',
  'parts',
  'slice',
  'take',
  'concat',
  'itemCount',
  'rowCodes',
  'squaredDistances',
] as const satisfies readonly OptionalMember[];

/** A mixture. */
export const MIXTURE = [
  ...PARENT,
  ...ENCODER,
  'isUnbounded',
  'takesLabels',
  'scoreSum',
] as const satisfies readonly OptionalMember[];

/** What a family of one number per row can be asked. */
export const QUERIES = [
  'mean',
  'variance',
  'mode',
  'entropy',
  'cdf',
  'survival',
  'quantile',
] as const satisfies readonly OptionalMember[];

/** What a mixture of such families can be asked. */
export const MIXTURE_QUERIES = [
  'mean',
  'variance',
  'cdf',
  'survival',
  'quantile',
] as const satisfies readonly OptionalMember[];
