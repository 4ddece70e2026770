/** Fits a stream of rows that waits on disk. Argument: how many rows. Prints the peak of this process's memory. */
import { optimizeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { CategoricalEstimator, CompositeEstimator, em, GaussianEstimator, MixtureEstimator } from '@dml/stats';

const rowCount = Number(process.argv[2]);

async function* rows(): AsyncGenerator<readonly (readonly [number, string])[]> {
  for (let start = 0; start < rowCount; start += 10_000) {
    yield Array.from({ length: Math.min(10_000, rowCount - start) }, (_, i) => {
      const isFirst = (start + i) % 3 === 0;
      return [Math.sin(start + i) + (isFirst ? 0 : 3), isFirst ? 'a' : 'b'] as const;
    });
  }
}

await runMpi(async (comm) => {
  const component = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator<string>()]);
  const algorithm = em(new MixtureEstimator([component, component]));
  const { path } = await optimizeMpi(rows(), algorithm, {
    comm,
    spill: {},
    maxIterations: 2,
    delta: null,
    progress: 'silent',
  });
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ rank: comm.rank, peakMegabytes, logLikelihood: path.at(-1)?.logLikelihood }));
});
