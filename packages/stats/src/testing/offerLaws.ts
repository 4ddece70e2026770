/** The law of optional members: what a family offers is there, and what is there is offered. Their own laws stand elsewhere. */
import { fail } from './expect.js';
import type { FamilyLaws, LawCheck, OptionalMembers } from './laws.js';

/** Every optional member, by the part that has it. The compiler compares this list with the contract. */
const MEMBERS: { readonly [P in keyof OptionalMembers]: Readonly<Record<OptionalMembers[P], true>> } = {
  distribution: {
    isUnbounded: true,
    seqAddLogDensity: true,
    mean: true,
    variance: true,
    covariance: true,
    mode: true,
    entropy: true,
    cdf: true,
    survival: true,
    quantile: true,
    presence: true,
    marginalOf: true,
    conditioned: true,
  },
  encoder: {
    violation: true,
    sameAs: true,
    parts: true,
    slice: true,
    take: true,
    concat: true,
    itemCount: true,
    rowCodes: true,
    squaredDistances: true,
  },
  estimator: {
    statisticLength: true,
    pooling: true,
    hasPrior: true,
    logPrior: true,
    bayes: true,
    takesLabels: true,
    advance: true,
    parameterBlocks: true,
  },
  accumulator: { kind: true, children: true, begin: true, score: true, scoreSum: true, seqInitialize: true },
};

export function offerLaws(laws: FamilyLaws): LawCheck[] {
  return [{ law: 'has the optional members that it offers, and no others', run: () => hasWhatItOffers(laws) }];
}

/** A member may depend on the parameters (a parent has one where its child has it): one given distribution must have it. */
function hasWhatItOffers({ distributions, estimator, offers = [] }: FamilyLaws): void {
  const encoders = [...distributions.map((distribution) => distribution.encoder()), estimator?.encoder()];
  const accumulator = estimator?.accumulator(estimator.encoder().encode([]));
  const parts: { readonly [P in keyof OptionalMembers]: readonly (object | undefined)[] } = {
    distribution: distributions,
    encoder: encoders,
    estimator: [estimator],
    accumulator: [accumulator],
  };
  const found = new Set<string>();
  for (const [part, members] of Object.entries(MEMBERS) as [keyof OptionalMembers, object][]) {
    const owners = parts[part].filter((owner) => owner !== undefined) as Readonly<Record<string, unknown>>[];
    for (const member of Object.keys(members)) {
      // A mode may be undefined where the family has one.
      const isThere = owners.some((owner) => (member === 'mode' ? member in owner : owner[member] !== undefined));
      if (isThere) found.add(member);
      else if (owners.length > 0 && offers.some((offer) => offer === member)) {
        fail(`the ${part} has no ${member}, which offers promises`);
      }
    }
  }
  const unlisted = [...found].filter((member) => offers.every((offer) => offer !== member));
  if (unlisted.length > 0) fail(`no law checks ${unlisted.join(', ')}. Add to offers: '${unlisted.join("', '")}'`);
}
