/** Markov's own chain. */
import { MarkovChainEstimator, optimize } from '@dml/stats';
import { onegin } from '../data/tables.js';
import { printed, type Result } from '../result.js';

export const chains: readonly Result[] = [
  {
    title: 'Vowels and consonants in Eugene Onegin',
    source: 'Markov 1913',
    quantities: () => {
      // Each step is a list of two letters, as often as it was counted.
      const steps = Object.entries(onegin).flatMap(([from, to]) =>
        Object.entries(to).map(([next, count]) => ({ row: [from, next], count })),
      );
      const { model } = optimize(
        steps.map(({ row }) => row),
        new MarkovChainEstimator<string>(),
        { weights: steps.map(({ count }) => count) },
      );
      const step = (from: string, to: string) => Math.exp(model.logDensity([from, to]) - model.logDensity([from]));
      return [
        printed('P(vowel | vowel)', '0.128', step('vowel', 'vowel')),
        printed('P(vowel | consonant)', '0.663', step('consonant', 'vowel')),
      ];
    },
  },
];
