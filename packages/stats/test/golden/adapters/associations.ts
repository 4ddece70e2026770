import type { AnyDistribution } from '../../../src/contract.js';
import {
  type AnyConditional,
  type AnyConditionalEstimator,
  HiddenAssociationDistribution,
  HiddenAssociationEstimator,
} from '../../../src/latent/hiddenAssociation.js';
import { type Adapter, defined, type Json } from '../adapter.js';

const nothing: Json = { type: 'Null' };
const childOf = (json: Json, name: string) => (json[name] ?? nothing) as Json;

/** Without a key of the whole: the reference ties the lengths only. */
const hiddenAssociation: Adapter = {
  type: 'HiddenAssociation',
  parameters: ['condDist', 'givenDist', 'lenDist'],
  options: ['condDist', 'givenDist', 'lenDist'],
  distribution: (json, build) =>
    new HiddenAssociationDistribution(build.distribution(json.condDist as Json) as AnyConditional, {
      given: build.distribution(childOf(json, 'givenDist')),
      length: build.distribution(childOf(json, 'lenDist')),
    }),
  estimator: (json, build) =>
    new HiddenAssociationEstimator(
      build.estimator(json.condDist as Json) as unknown as AnyConditionalEstimator,
      defined({
        given: build.estimator(childOf(json, 'givenDist')),
        length: build.estimator(childOf(json, 'lenDist')),
        key: typeof json.keys === 'string' ? json.keys : undefined,
      }),
    ),
  is: (model) => model instanceof HiddenAssociationDistribution,
  describe(model, build) {
    const { conditional, given, length } = model as HiddenAssociationDistribution<
      AnyConditional,
      AnyDistribution,
      AnyDistribution
    >;
    return {
      type: 'HiddenAssociation',
      condDist: build.describe(conditional),
      givenDist: build.describe(given),
      lenDist: build.describe(length),
    };
  },
  row: (x, json, build) => {
    const [sources, targets] = x as [[unknown, number][], [unknown, number][]];
    const source = sources[0]?.[0];
    const rowOf = (target: unknown) => (build.row([source, target], json.condDist as Json) as [unknown, unknown])[1];
    return [sources, targets.map(([target, count]) => [source === undefined ? target : rowOf(target), count])];
  },
};

export const adapters: readonly Adapter[] = [hiddenAssociation];
