// Papers: who wrote them, a set, and the words of their titles, a list. Two fields of research.
import * as stats from '@dml/stats';
import { atLeast, near, ofShare, recover } from '../recover.js';

const share = (names: readonly string[], p: number) => names.map((name) => [name, p] as const);
const field = (own: readonly string[], others: readonly string[], words: Record<string, number>) =>
  new stats.RecordDistribution({
    authors: new stats.BernoulliSetDistribution(new Map([...share(own, 0.3), ...share(others, 0.02)])),
    title: new stats.SequenceDistribution(new stats.CategoricalDistribution(words), {
      length: new stats.PoissonDistribution({ lambda: 5 }),
    }),
  });
const [bees, stars] = [['ada', 'bo', 'cy'], ['dee', 'eli', 'flo']] as const; // biome-ignore format: two lists
const truth = new stats.MixtureDistribution(
  [
    field(bees, stars, { a: 0.3, wing: 0.4, honey: 0.28, light: 0.02 }),
    field(stars, bees, { a: 0.3, wing: 0.02, dust: 0.28, light: 0.4 }),
  ],
  { w: [0.6, 0.4] },
);
// Names and words are known; an imaginary paper keeps what a field has not met from being impossible.
const names = [...bees, ...stars];
const vocabulary = ['a', 'wing', 'honey', 'dust', 'light'];
const paper = new stats.RecordEstimator({
  authors: new stats.BernoulliSetEstimator({ pseudoCount: 1e-8, prior: new Map(share(names, 0.5)) }),
  title: new stats.SequenceEstimator(
    new stats.CategoricalEstimator({ pseudoCount: 1, prior: new Map(share(vocabulary, 1 / 5)) }),
    { length: new stats.PoissonEstimator() },
  ),
});
const { rows, model } = recover(truth, new stats.MixtureEstimator([paper, paper]), 600);
const first = model.components[0].fields.authors.p.get('ada')! > 0.15 ? 0 : 1;
near('papers of the first field', model.w[first]!, 0.6, 2 * ofShare(0.6, 600));
near('by ada', model.components[first]!.fields.authors.p.get('ada')!, 0.3, ofShare(0.3, 360));
near('words that are honey', model.components[first]!.fields.title.dist.density('honey'), 0.28, ofShare(0.28, 1800));
const same = rows.filter((row) => truth.posterior(row)[0]! > 0.5 === model.posterior(row)[first]! > 0.5);
atLeast('papers that are given to the field of the truth', same.length / rows.length, 0.98);
