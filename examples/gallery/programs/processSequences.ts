// Lists of processes that users started: the states of all users are the same, the order of the states is a user's own.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  CompositeDistribution,
  CompositeEstimator,
  ConditionalDistribution,
  ConditionalEstimator,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  HiddenMarkovEstimator,
  PoissonDistribution,
  PoissonEstimator,
} from '@dml/stats';
import { atLeast, near, recover } from '../recover.js';

const step = (seconds: number, p: Record<'edit' | 'build' | 'mail' | 'read', number>) =>
  new CompositeDistribution([new GaussianDistribution({ mu: seconds, sigma2: 1 }), new CategoricalDistribution(p)]);
const states = [
  step(3, { edit: 0.6, build: 0.3, mail: 0.05, read: 0.05 }),
  step(8, { edit: 0.05, build: 0.05, mail: 0.5, read: 0.4 }),
] as const;
const user = (stay: number) =>
  new HiddenMarkovDistribution(states, {
    w: [0.5, 0.5],
    transitions: [
      [stay, 1 - stay],
      [1 - stay, stay],
    ],
    length: new PoissonDistribution({ lambda: 12 }),
  });
const truth = new ConditionalDistribution(
  { ann: user(0.9), bob: user(0.2) },
  { given: new CategoricalDistribution({ ann: 0.5, bob: 0.5 }) },
);

const started = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]);
const chain = new HiddenMarkovEstimator([started, started], {
  length: new PoissonEstimator({ key: 'lengths' }),
  keys: { emissions: 'states' },
});
const { model } = recover(
  truth,
  new ConditionalEstimator({ ann: chain, bob: chain }, { given: new CategoricalEstimator() }),
  250,
);
const [ann, bob] = [model.dists.get('ann')!, model.dists.get('bob')!];
near('ann stays in a state', ann.transitions[0]![0]!, 0.9, 0.06);
near('bob stays in a state', bob.transitions[0]![0]!, 0.2, 0.08);
near('processes in a list of either', bob.length.lambda, 12, 5 * Math.sqrt(12 / 250));

// Whose list is this? The order of the processes says it.
const lists = truth.sampler(2).sample(200);
const named = lists.filter(([name, list]) => (ann.logDensity(list) > bob.logDensity(list) ? 'ann' : 'bob') === name);
atLeast('lists whose user is named', named.length / lists.length, 0.9);
