// Documents and scores that belong together: how many candidates must be looked at until the right one comes, in both directions.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  GaussianDistribution,
  GaussianEstimator,
  given,
  MixtureDistribution,
  MixtureEstimator,
  PoissonDistribution,
  PoissonEstimator,
  RecordDistribution,
  RecordEstimator,
  SequenceDistribution,
  SequenceEstimator,
} from '@dml/stats';
import { atLeast, recover } from '../recover.js';

const WORDS = ['goal', 'team', 'vote', 'law', 'cell', 'gene'];
const topic = (favoured: number, score: number, length: number) => {
  const p = Object.fromEntries(WORDS.map((word, i) => [word, i >> 1 === favoured ? 0.4 : 0.05]));
  return new RecordDistribution({
    words: new SequenceDistribution(new CategoricalDistribution(p), {
      length: new PoissonDistribution({ lambda: length }),
    }),
    score: new GaussianDistribution({ mu: score, sigma2: 1 }),
  });
};
const truth = new MixtureDistribution([topic(0, -3, 6), topic(1, 0, 12), topic(2, 3, 18)], { w: [0.3, 0.3, 0.4] });
const each = new RecordEstimator({
  words: new SequenceEstimator(new CategoricalEstimator(), { length: new PoissonEstimator() }),
  score: new GaussianEstimator(),
});
const { model } = recover(truth, new MixtureEstimator([each, each, each]), 1500);

/** The mean share of candidates that score above the right one: 0.5 where the model knows nothing. */
function depth<Q, A>(
  queries: readonly Q[],
  answers: readonly A[],
  scoreOf: (query: Q) => (answer: A) => number,
): number {
  const places = queries.map((query, i) => {
    const score = scoreOf(query);
    const scores = answers.map(score);
    return scores.filter((other) => other > scores[i]!).length / answers.length;
  });
  return places.reduce((sum, place) => sum + place, 0) / places.length;
}

const pairs = truth.sampler(2).sample(60);
const words = pairs.map((pair) => pair.words);
const scores = pairs.map((pair) => pair.score);
const byWords = depth(words, scores, (known) => {
  const rest = given(model, { words: known });
  return (score) => rest.logDensity({ score });
});
const byScore = depth(scores, words, (known) => {
  const rest = given(model, { score: known });
  return (document) => rest.logDensity({ words: document });
});
atLeast('scores that need not be looked at, for a document', 1 - byWords, 0.7);
// The density of a long document is small whatever its topic, so this direction is the worse one.
atLeast('documents that need not be looked at, for a score', 1 - byScore, 0.4);
atLeast('by which the first direction is better', byScore - byWords, 0.05);
