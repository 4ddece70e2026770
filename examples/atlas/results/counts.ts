/** Counts: Poisson, negative binomial and binomial, each a table of a classical paper. */
import { BinomialEstimator, NegativeBinomialEstimator, optimize, PoissonEstimator } from '@dml/stats';
import {
  accidents,
  alphaParticles,
  boys,
  horseKicks,
  redMites,
  valuesOf,
  weldonsDice,
  yeastCells,
} from '../data/tables.js';
import { printed, type Result } from '../result.js';

const lambdaOf = (counts: readonly number[]) => optimize(valuesOf(counts), new PoissonEstimator()).model.lambda;
const negativeBinomial = (counts: readonly number[]) =>
  optimize(valuesOf(counts), new NegativeBinomialEstimator()).model;
const shareOf12 = (counts: readonly number[]) =>
  optimize(valuesOf(counts), new BinomialEstimator({ min: 0, max: 12 })).model.p;

export const counts: readonly Result[] = [
  {
    title: 'Deaths by horse kicks',
    source: 'Bortkiewicz 1898; Poisson mean in Quine & Seneta 1987',
    quantities: () => [printed('λ', '0.61', lambdaOf(horseKicks))],
  },
  {
    title: 'Alpha particles',
    source: 'Rutherford & Geiger 1910',
    quantities: () => [printed('λ', '3.87', lambdaOf(alphaParticles))],
  },
  {
    title: 'Yeast cells',
    source: 'Student 1907, first series',
    quantities: () => [printed('λ', '0.6825', lambdaOf(yeastCells))],
  },
  {
    title: 'Red mites on apple leaves',
    source: 'Bliss & Fisher 1953: negative binomial by maximum likelihood',
    quantities: () => {
      const { mean, size } = negativeBinomial(redMites);
      return [printed('mean', '1.1467', mean), printed('size', '1.0246', size)];
    },
  },
  {
    title: 'Accidents of shell workers',
    source: 'Greenwood & Yule 1920; maximum likelihood in Johnson, Kemp & Kotz 2005',
    quantities: () => {
      const { mean, size } = negativeBinomial(accidents);
      return [printed('mean', '0.465', mean), printed('size', '0.865', size)];
    },
  },
  {
    title: 'Boys in families of twelve',
    source: 'Geissler 1889; Sokal & Rohlf 1995',
    quantities: () => [printed('p', '0.519215', shareOf12(boys))],
  },
  {
    title: "Weldon's dice",
    source: 'Pearson 1900; Fisher 1925',
    quantities: () => [printed('p', '0.3377', shareOf12(weldonsDice))],
  },
];
