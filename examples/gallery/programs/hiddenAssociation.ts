// Sentences and their translations, words in any order: which word comes from which?
import {
  CategoricalDistribution,
  CategoricalEstimator,
  ConditionalDistribution,
  ConditionalEstimator,
  HiddenAssociationDistribution,
  HiddenAssociationEstimator,
  IntegerCategoricalDistribution,
  MultinomialDistribution,
  PoissonDistribution,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const words = ['chien', 'chat', 'maison'] as const;
const to = (dog: number, cat: number) => new CategoricalDistribution({ dog, cat, house: 1 - dog - cat });
const tables = [to(0.9, 0.05), to(0.1, 0.85), to(0, 0.02)] as const;
const truth = new HiddenAssociationDistribution(
  new ConditionalDistribution(words.map((word, k) => [word, tables[k]!] as const)),
  {
    given: new MultinomialDistribution(new CategoricalDistribution({ chien: 0.4, chat: 0.3, maison: 0.3 }), {
      length: new IntegerCategoricalDistribution({ min: 2, p: [0.5, 0.5] }),
    }),
    length: new PoissonDistribution({ lambda: 4 }),
  },
);
const table = new ConditionalEstimator(words.map((word) => [word, new CategoricalEstimator()] as const));
const { model } = recover(truth, new HiddenAssociationEstimator(table), 1500);
near('chien becomes dog', model.conditional.dists.get('chien')!.density('dog'), 0.9, 0.06);
near('chat becomes cat', model.conditional.dists.get('chat')!.density('cat'), 0.85, 0.06);
