// Five subjects of short messages, each with words of its own: a hidden Markov model over numbers of words.
import * as stats from '@dml/stats';
import { atLeast, near } from '../recover.js';

const words = 100;
const subjects = 5;
/** Twenty words that are frequent in a subject, and all others now and then. */
const subject = (k: number) =>
  new stats.IntegerCategoricalDistribution({
    min: 0,
    p: Array.from({ length: words }, (_, word) => (Math.floor(word / 20) === k ? 0.045 : 0.00125)),
  });
const truth = new stats.HiddenMarkovDistribution(
  Array.from({ length: subjects }, (_, k) => subject(k)),
  {
    w: [0.4, 0.3, 0.1, 0.1, 0.1],
    transitions: Array.from({ length: subjects }, (_, k) =>
      Array.from({ length: subjects }, (__, j) => (j === k ? 0.7 : 0.075)),
    ),
    length: new stats.CategoricalDistribution([[5, 1]]),
  },
);
const [rows, validation] = stats.partition(truth.sampler(1).sample(1500), [0.9, 0.1], { seed: 1 });
const word = new stats.IntegerCategoricalEstimator({ min: 0, max: words - 1 });
const { model } = stats.bestOf(
  rows,
  new stats.HiddenMarkovEstimator(stats.copies(subjects, word), { length: new stats.CategoricalEstimator<number>() }),
  { trials: 3, seed: 1, maxIterations: 60, validation },
);
// The subjects are found in some order: each has its words.
const nameOf = model.emissions.map(({ p }) => {
  const mass = Array.from({ length: subjects }, (_, k) => p.slice(20 * k, 20 * k + 20).reduce((sum, x) => sum + x, 0));
  return mass.indexOf(Math.max(...mass));
});
near('subjects that are found', new Set(nameOf).size, subjects, 0);
near('how often a subject stays', model.transitions.reduce((sum, row, s) => sum + row[s]!, 0) / subjects, 0.7, 0.08);
const same = validation.flatMap((row) => {
  const best = truth.viterbi(row);
  return model.viterbi(row).map((state, t) => nameOf[state] === best[t]);
});
atLeast('words with the subject that the truth gives them', same.filter(Boolean).length / same.length, 0.93);
