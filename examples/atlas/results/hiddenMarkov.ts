/** Hidden Markov models of one series. */
import {
  bestOf,
  copies,
  GaussianEstimator,
  HiddenMarkovEstimator,
  informationCriteria,
  PoissonEstimator,
} from '@dml/stats';
import earthquakes from '../data/earthquakes.json' with { type: 'json' };
import nile from '../data/nile.json' with { type: 'json' };
import { printed, type Result } from '../result.js';

const poissonStates = (states: number) => {
  const estimator = new HiddenMarkovEstimator(copies(states, new PoissonEstimator()));
  const rows = [earthquakes.rows];
  const { model, logLikelihood } = bestOf(rows, estimator, { trials: 10, seed: 1 });
  return { logLikelihood, bic: informationCriteria(rows, estimator, model).bic };
};

const freeStarts = { 2: '-341.8787', 3: '-328.5275', 4: '-326.4106' };
const criteria = { 1: '788.5', 2: '707.1', 3: '708.5', 4: '741.7', 5: '784.8' };

export const hiddenMarkov: readonly Result[] = [
  ...Object.entries(freeStarts).map(([states, published]) => ({
    title: `Earthquakes, hidden Markov, ${states} states`,
    source: 'Zucchini & MacDonald 2009, chapter 4, start not stationary',
    quantities: () => [printed('log-likelihood', published, poissonStates(Number(states)).logLikelihood, 'higher')],
  })),
  {
    title: 'Earthquakes, choice of the number of states',
    source: 'after Zucchini & MacDonald 2009, section 6.1, start not stationary',
    quantities: () =>
      Object.entries(criteria).map(([states, published]) =>
        printed(`BIC of ${states}`, published, poissonStates(Number(states)).bic, 'lower'),
      ),
  },
  {
    title: 'The Nile at Aswan, the year of change',
    source: 'Cobb 1978',
    quantities: () => {
      const e = new GaussianEstimator();
      const allowed = {
        initial: [true, false],
        transitions: [
          [true, true],
          [false, true],
        ],
      };
      const { model } = bestOf([nile.rows], new HiddenMarkovEstimator([e, e], { allowed }), { trials: 5, seed: 1 });
      return [printed('last year before', '1898', 1871 + model.viterbi(nile.rows).lastIndexOf(0))];
    },
  },
];
