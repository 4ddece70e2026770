/** The fit of the published trace, from its fixed start. Argument: the golden file. Rank 0 prints what it found. */
import { readFileSync } from 'node:fs';
import { optimizeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import {
  CategoricalDistribution,
  CompositeDistribution,
  em,
  GaussianDistribution,
  MixtureDistribution,
  MixtureEstimator,
  modelTypes,
} from '@dml/stats';
import { component } from './models.js';

interface GoldenModel {
  readonly components: readonly {
    readonly dists: readonly [
      { readonly mu: number; readonly sigma2: number },
      { readonly pmap: readonly (readonly ['a' | 'b', number])[] },
    ];
  }[];
  readonly w: readonly number[];
}

await runMpi(async (comm) => {
  // Written by the reference; the test compares with the same file.
  const { cases } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
    readonly cases: readonly {
      readonly params: GoldenModel;
      readonly data: readonly (readonly [number, 'a' | 'b'])[];
    }[];
  };
  const { params, data } = cases[0]!;
  const [first, second] = params.components.map(
    ({ dists: [{ mu, sigma2 }, { pmap }] }) =>
      new CompositeDistribution([
        new GaussianDistribution({ mu, sigma2 }),
        new CategoricalDistribution<'a' | 'b'>(pmap),
      ]),
  );
  const initialModel = new MixtureDistribution([first!, second!], { w: params.w });
  const { path, model } = await optimizeMpi(
    comm.rank === 0 ? data : null,
    em(new MixtureEstimator([component, component])),
    {
      comm,
      codec: createCodec({ types: modelTypes }),
      initialModel: comm.rank === 0 ? initialModel : null,
      acceleration: 'none', // the golden path is one of plain EM
      maxIterations: 10,
      delta: null,
      progress: 'silent',
    },
  );
  if (model === null) return;
  const components = model.components.map(({ dists: [gaussian, categorical] }) => ({
    mu: gaussian.mu,
    sigma2: gaussian.sigma2,
    p: Object.fromEntries(categorical.p),
  }));
  const logLikelihoods = path.map(({ logLikelihood }) => logLikelihood);
  console.log(JSON.stringify({ rank: 0, logLikelihoods, components, w: model.w }));
});
