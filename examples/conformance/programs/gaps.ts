/**
 * Records with gaps beside families whose columns hold tables of values, by the calls that fit several times. Each rank prints
 * which results differ from those of one process.
 */
import { chooseComponentsMpi, kFoldMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import {
  type AnyEstimator,
  BinomialEstimator,
  CategoricalEstimator,
  chooseComponents,
  componentSearch,
  copies,
  em,
  GaussianEstimator,
  IntegerCategoricalEstimator,
  kFold,
  MixtureEstimator,
  NegativeBinomialEstimator,
  OptionalEstimator,
  PoissonEstimator,
  RecordEstimator,
  SpikeAndSlabEstimator,
} from '@dml/stats';

const families: Readonly<Record<string, AnyEstimator>> = {
  'negative binomial': new NegativeBinomialEstimator(),
  'integer categorical': new IntegerCategoricalEstimator({ pseudoCount: 1 }),
  'spike and slab': new SpikeAndSlabEstimator(),
  binomial: new BinomialEstimator(),
  categorical: new CategoricalEstimator<number>({ pseudoCount: 1 }),
  poisson: new PoissonEstimator(),
};
const count = (i: number) => 40 + ((i * 7919) % 31) * (1 + (i % 2) * 3);
const isGap = (i: number) => i % 50 === 0;

await runMpi(async (comm) => {
  const options = { seed: 0, maxIterations: 1 };
  const spreadOptions = { ...options, comm, progress: 'silent', modelOn: 'all' } as const;
  const unlike: string[] = [];
  function expectEqual<Shown>(name: string, found: unknown, expected: Shown, partOf: (result: Shown) => unknown): void {
    const [own, local] = [found, expected].map((result) =>
      JSON.stringify(typeof result === 'string' ? result : partOf(result as Shown)),
    );
    if (own !== local) unlike.push(typeof found === 'string' ? `${name}: ${found}` : name);
  }
  for (const [name, family] of Object.entries(families)) {
    for (const field of ['hh']) {
      const rows = Array.from({ length: 400 }, (_, i) => ({
        g: isGap(i) ? null : (i % 13) + Math.sin(i),
        [field]: count(i),
      }));
      const record = new RecordEstimator({
        g: new OptionalEstimator(new GaussianEstimator()),
        [field]: family,
      });
      const mixtureOf = (k: number) => new MixtureEstimator(copies(k, record));
      const search = { from: 2, to: 2, trials: 1 };
      const chosen = await chooseComponentsMpi(comm.rank === 0 ? rows : null, componentSearch(mixtureOf), {
        ...spreadOptions,
        ...search,
      }).catch(String);
      const localChosen = chooseComponents(rows, mixtureOf, { ...options, ...search });
      expectEqual(`${name}, ${field}: number of components`, chosen, localChosen, ({ model, table }) => [model, table]);
      const crossed = await kFoldMpi(comm.rank === 0 ? rows : null, em(mixtureOf(2)), {
        ...spreadOptions,
        folds: 2,
      }).catch(String);
      const localCrossed = kFold(rows, mixtureOf(2), { ...options, folds: 2 });
      expectEqual(`${name}, ${field}: cross-validation`, crossed, localCrossed, ({ folds }) =>
        folds.map(({ fit, logLikelihood }) => [fit.model, logLikelihood]),
      );
    }
  }
  process.stdout.write(`${JSON.stringify({ rank: comm.rank, unlike: unlike.slice(0, 5) })}\n`);
});
