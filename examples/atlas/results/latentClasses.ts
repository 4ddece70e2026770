/** Latent classes: mixtures of independent yes-or-no answers. */
import { BernoulliEstimator, bestOf, CompositeEstimator, copies, MixtureEstimator } from '@dml/stats';
import { carcinoma, roleConflict } from '../data/tables.js';
import { printed, type Result } from '../result.js';

type Patterns = Readonly<Record<string, number>>;

function logLikelihoodOf(patterns: Patterns, classes: number): number {
  const rows = Object.keys(patterns).map((pattern) => Array.from(pattern, (answer) => answer === '1'));
  const answers = new CompositeEstimator(copies(rows[0]?.length ?? 0, new BernoulliEstimator()));
  const options = { weights: Object.values(patterns), trials: 20, seed: 1 };
  return bestOf(rows, new MixtureEstimator(copies(classes, answers)), options).logLikelihood;
}

/** Twice the log-likelihood that the table itself has above that of the classes. */
function deviance(patterns: Patterns, classes: number): number {
  const table = Object.values(patterns);
  const n = table.reduce((sum, count) => sum + count, 0);
  const saturated = table.reduce((sum, count) => sum + count * Math.log(count / n), 0);
  return 2 * (saturated - logLikelihoodOf(patterns, classes));
}

const pathologists = { 2: '-317.2568', 3: '-293.705', 4: '-289.286' };

export const latentClasses: readonly Result[] = [
  ...Object.entries(pathologists).map(([classes, published]) => ({
    title: `Carcinoma seen by seven pathologists, ${classes} classes`,
    source: 'Agresti 2002, table 13.1; log-likelihood of R poLCA (Linzer & Lewis 2011)',
    quantities: () => [printed('log-likelihood', published, logLikelihoodOf(carcinoma, Number(classes)))],
  })),
  {
    title: 'Role conflict, 2 classes',
    source: 'Stouffer & Toby 1951; Goodman 1974',
    quantities: () => [printed('G²', '2.720', deviance(roleConflict, 2))],
  },
];
