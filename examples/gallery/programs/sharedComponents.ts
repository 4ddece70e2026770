// Users with few sessions each, of kinds that all users share: the shares of the kinds are a user's own, the kinds are not.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  ConditionalDistribution,
  ConditionalEstimator,
  GaussianDistribution,
  GaussianEstimator,
  given,
  MixtureDistribution,
  MixtureEstimator,
  marginal,
  RecordDistribution,
  RecordEstimator,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const kinds = [
  [2, 0.05],
  [9, 0.6],
] as const;
const sessions = kinds.map(
  ([megabytes, attack]) =>
    new RecordDistribution({
      megabytes: new GaussianDistribution({ mu: megabytes, sigma2: 1 }),
      attack: new CategoricalDistribution({ yes: attack, no: 1 - attack }),
    }),
);
const of = (share: number) => new MixtureDistribution(sessions, { w: [1 - share, share] });
const users = new CategoricalDistribution({ ann: 0.6, bob: 0.39, eve: 0.01 });
const truth = new ConditionalDistribution({ ann: of(0.1), bob: of(0.5), eve: of(0.9) }, { given: users });

const session = new RecordEstimator({ megabytes: new GaussianEstimator(), attack: new CategoricalEstimator() });
const kind = new MixtureEstimator([session, session], { keys: { components: 'kinds' } });
const { model } = recover(
  truth,
  new ConditionalEstimator({ ann: kind, bob: kind, eve: kind }, { given: new CategoricalEstimator() }),
  2000,
);
const bob = model.dists.get('bob')!;
const large = bob.components[0].fields.megabytes.mu > bob.components[1].fields.megabytes.mu ? 0 : 1;
near('sessions of bob that are large', bob.w[large]!, 0.5, 0.1);
near('attacks among them', bob.components[large]!.fields.attack.density('yes'), 0.6, 0.13);
// One fit, another question: is a session of 9 MB an attack, whoever's it is?
const view = marginal(given(bob, { megabytes: 9 }), 'attack');
near('an attack, given the size', view.density('yes'), 0.6, 0.13);
// The few sessions of eve are of the kinds that the others' sessions show.
near('megabytes of her large sessions', model.dists.get('eve')!.components[large]!.fields.megabytes.mu, 9, 0.3);
