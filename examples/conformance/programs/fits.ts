/**
 * Fits everything in every way; each rank prints what it got, as hashes of exact bytes. Argument: a file for what one process
 * finds without ranks. The first job writes it, and the later ones read it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  bestOfMpi,
  chooseComponentsMpi,
  kFoldMpi,
  loadOnAll,
  optimizeMpi,
  seqEncodeMpi,
  seqEstimateMpi,
  seqInitializeMpi,
  seqLogDensityMpi,
  seqLogDensitySumMpi,
  standardErrorsMpi,
} from '@dml/mpi-estimation';
import { type Communicator, runMpi } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import {
  BernoulliEstimator,
  bestOf,
  CategoricalEstimator,
  CompositeEstimator,
  chooseComponents,
  componentSearch,
  em,
  GaussianDistribution,
  GaussianEstimator,
  IntegerCategoricalEstimator,
  initialize,
  kFold,
  MixtureDistribution,
  MixtureEstimator,
  modelTypes,
  optimize,
  PoissonEstimator,
  resampling,
  SequenceEstimator,
  standardErrors,
} from '@dml/stats';
import { component, models, truth } from './models.js';
import { type Layout, spread } from './spread.js';

const codec = createCodec({ types: modelTypes });
const hash = (value: unknown) => createHash('sha256').update(codec.encode(value)).digest('hex').slice(0, 16);
/** What a fit found, without what depends on time and rank. */
const found = ({
  model,
  logLikelihood,
  logPrior,
  objective,
  bestIteration,
  iterations,
  reason,
  path,
  findings,
  acceleration,
  seed,
}: Found) =>
  hash({
    model,
    logLikelihood,
    logPrior,
    objective,
    bestIteration,
    iterations,
    reason,
    path,
    findings,
    acceleration,
    seed,
  });
type Chosen = Omit<ReturnType<typeof chooseComponents>, 'model' | 'fits'> & {
  readonly model: unknown;
  readonly fits: readonly (Found | undefined)[];
};
type Found = Omit<ReturnType<typeof optimize>, 'model'> & { readonly model: unknown };

/** The same communicator, which notes each call. */
function recording(comm: Communicator, calls: string[]): Communicator {
  return new Proxy(comm, {
    get(target, name: keyof Communicator) {
      const member = target[name];
      if (typeof member !== 'function') return member;
      return (...parameters: never[]) => {
        calls.push(name);
        return (member as (...all: never[]) => unknown).apply(target, parameters);
      };
    },
  });
}

const file = process.argv[2]!;
const isKnown = existsSync(file);

await runMpi(async (comm) => {
  const results: Record<string, string> = {};
  const local: Record<string, string> = isKnown ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const locally = (name: string, compute: () => string): void => {
    if (!isKnown) local[name] = compute();
  };
  const quiet = { comm, codec, progress: 'silent', modelOn: 'all' } as const;

  /** What an iteration sends, seen from the root: the calls between one iterate and the next. */
  const messages: Record<string, string[]> = {};
  for (const [name, { estimator, rows }] of Object.entries(models)) {
    const stop = { maxIterations: 6, seed: 3 };
    locally(name, () => found(optimize(rows, estimator, stop)));
    const calls: string[] = [];
    const sent = new Set<string>();
    const progress = ({ iteration }: { readonly iteration: number }) => {
      if (iteration > 0) sent.add(calls.join(' '));
      calls.length = 0;
    };
    const options = { ...quiet, ...stop, comm: recording(comm, calls), progress };
    results[name] = found((await optimizeMpi(spread(rows, comm, 'uneven'), em(estimator), options)) as Found);
    messages[name] = [...sent];
    // On disk, with rows of weight 0 in other places on other ranks: no family could hold them.
    const once = { seed: 4, maxIterations: 1 };
    const among = (rows as readonly unknown[]).flatMap((row, i) => (i % 7 === 0 ? [Symbol('no row'), row] : [row]));
    const counted = { weights: (row: unknown) => (typeof row === 'symbol' ? 0 : 1), spill: {} };
    const ownRows = spread(among, comm, 'uneven') as Parameters<typeof optimizeMpi>[0];
    const others = await optimizeMpi(ownRows, em(estimator) as never, { ...quiet, ...once, ...counted } as never);
    results[`${name}, among rows of weight 0`] = found(others as Found);
    locally(`${name}, among rows of weight 0`, () => found(optimize(rows, estimator, once)));
  }

  const estimator = new MixtureEstimator([component, component]);
  const algorithm = em(estimator);
  // The categorical of `truth` draws no other levels.
  const rows = truth.sampler(1).sample(1000) as [number, 'a' | 'b'][];
  const weights = rows.map((_, i) => (i % 4) / 2);
  const validation = truth.sampler(2).sample(333) as typeof rows;
  const stop = { maxIterations: 8, seed: 'a seed' };
  const rowsOn = (layout: Layout) => spread(rows, comm, layout);

  for (const layout of ['on rank 0', 'on the last rank', 'even', 'streamed'] as const) {
    for (const spill of [undefined, {}]) {
      const name = `rows ${layout}${spill === undefined ? '' : ', on disk'}`;
      const validationRows = spread(validation, comm, layout);
      const options = { ...quiet, ...stop, validation: validationRows, ...(spill === undefined ? {} : { spill }) };
      results[name] = found((await optimizeMpi(rowsOn(layout), algorithm, options)) as Found);
      locally(name, () => found(optimize(rows, estimator, { ...stop, validation })));
    }
  }

  const own = rowsOn('even') as [number, 'a' | 'b'][];
  const first = comm.size === 1 ? 0 : Math.floor((rows.length * comm.rank) / comm.size);
  const ownWeights = weights.slice(first, first + own.length);
  results.weights = found((await optimizeMpi(own, algorithm, { ...quiet, ...stop, weights: ownWeights })) as Found);
  locally('weights', () => found(optimize(rows, estimator, { ...stop, weights })));

  // To the end, with all kinds of steps and some that are rejected; and with a prior.
  const toEnd = { seed: 1, maxIterations: 500 };
  const wide = truth.sampler(3).sample(400) as typeof rows;
  for (const pseudoCount of [0, 2]) {
    const three = new MixtureEstimator([component, component, component], pseudoCount > 0 ? { pseudoCount } : {});
    const whole = await optimizeMpi(spread(wide, comm, 'uneven'), em(three), { ...quiet, ...toEnd });
    if (!whole.path.some(({ isRejected }) => isRejected)) throw new Error('no step was rejected');
    results[`to the end, prior ${pseudoCount}`] = found(whole as Found);
    locally(`to the end, prior ${pseudoCount}`, () => found(optimize(wide, three, toEnd)));
  }

  // A start from given labels: on one rank, on all, weighted, and its first model alone.
  const shares = rows.map(([x], i) => (i % 5 === 0 ? [1, 1] : x > 1.5 ? [0, 3] : [1, 0.25]));
  const ownShares = shares.slice(first, first + own.length);
  const labelled = { ...stop, responsibilities: shares };
  const onRoot = comm.rank === 0 ? shares : null;
  results['given labels'] = found(
    (await optimizeMpi(comm.rank === 0 ? rows : null, algorithm, {
      ...quiet,
      ...stop,
      responsibilities: onRoot,
    })) as Found,
  );
  locally('given labels', () => found(optimize(rows, estimator, labelled)));
  const byRank = { ...quiet, ...stop, weights: ownWeights, responsibilities: ownShares, spill: {} };
  results['given labels, weighted'] = found((await optimizeMpi(own, algorithm, byRank)) as Found);
  locally('given labels, weighted', () => found(optimize(rows, estimator, { ...labelled, weights })));
  results['a start from given labels'] = hash(
    await seqInitializeMpi(own, algorithm, { comm, seed: 1, responsibilities: ownShares }),
  );
  locally('a start from given labels', () => hash(initialize(rows, estimator, { seed: 1, responsibilities: shares })));

  // Lists with levels of their own, on disk on one rank and in memory on the others.
  const listed = Array.from({ length: 1000 }, (_, i) => (i < 100 ? `early ${i % 3}` : `late ${(i * i) % 7}`));
  const lists = (async function* () {
    yield listed.slice(0, 100);
    yield listed.slice(100);
  })();
  const kinds = new MixtureEstimator([0, 1].map(() => new CategoricalEstimator<string>({ pseudoCount: 1 })));
  results['on disk on rank 0 alone'] = found(
    (await optimizeMpi(comm.rank === 0 ? lists : null, em(kinds), {
      ...quiet,
      ...stop,
      ...(comm.rank === 0 ? { spill: {} } : {}),
    })) as Found,
  );
  locally('on disk on rank 0 alone', () => found(optimize(listed, kinds, stop)));

  // Five components for two values: the start has something to say.
  const levels = { maxIterations: 0, seed: 2 };
  const lone = new MixtureEstimator(Array.from({ length: 5 }, () => new CategoricalEstimator<string>()));
  const loneRows = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'a' : 'b'));
  results['the start alone'] = found(
    (await optimizeMpi(spread(loneRows, comm, 'even'), em(lone), { ...quiet, ...levels })) as Found,
  );
  locally('the start alone', () => found(optimize(loneRows, lone, levels)));

  results['random start'] = found((await optimizeMpi(own, algorithm, { ...quiet, ...stop, start: 'random' })) as Found);
  locally('random start', () => found(optimize(rows, estimator, { ...stop, start: 'random' })));

  // So big that ranks add in pairs.
  const bigRows = Array.from({ length: 2000 }, (_, i) => 12 * ((i * i) % 1000) + (i % 3));
  const bigEstimator = new MixtureEstimator([
    new IntegerCategoricalEstimator({ pseudoCount: 1 }),
    new IntegerCategoricalEstimator({ pseudoCount: 1 }),
  ]);
  const bigOptions = { maxIterations: 4, delta: null, start: 'random' } as const;
  const bigAlgorithm = em(bigEstimator);
  const bigShard = await seqEncodeMpi(spread(bigRows, comm, 'uneven'), bigAlgorithm, { comm });
  const bigValidation = await seqEncodeMpi(spread(bigRows.slice(0, 500), comm, 'even'), bigAlgorithm, { comm });
  const bigCalls: string[] = [];
  const bigFit = await optimizeMpi(bigShard, bigAlgorithm, {
    ...quiet,
    ...bigOptions,
    comm: recording(comm, bigCalls),
    validation: bigValidation,
  });
  results['big statistics'] = found(bigFit as Found);
  locally('big statistics', () =>
    found(optimize(bigRows, bigEstimator, { ...bigOptions, validation: bigRows.slice(0, 500) })),
  );

  // So many rows that a segment takes equal ones once.
  const manyRows = Array.from({ length: 6000 }, (_, i) => [(i * i) % 7, i % 3 === 0] as [number, boolean]);
  const discrete = new CompositeEstimator([new PoissonEstimator(), new BernoulliEstimator()]);
  const manyEstimator = new MixtureEstimator([discrete, discrete]);
  for (const layout of ['uneven', 'on rank 0'] as const) {
    for (const spill of [undefined, {}]) {
      const name = `equal rows ${layout}${spill === undefined ? '' : ', on disk'}`;
      const options = { ...quiet, ...stop, ...(spill === undefined ? {} : { spill }) };
      const fit = await optimizeMpi(spread(manyRows, comm, layout), em(manyEstimator), options);
      results[name] = found(fit as Found);
      locally(name, () => found(optimize(manyRows, manyEstimator, stop)));
    }
  }

  const shard = await seqEncodeMpi(own, algorithm, { comm });
  const best = await bestOfMpi(shard, algorithm, { ...quiet, ...stop, trials: 3 });
  results['best of three'] = hash([found(best), best.trialScores, best.agreeing]);
  locally('best of three', () => {
    const localBest = bestOf(rows, estimator, { ...stop, trials: 3 });
    return hash([found(localBest), localBest.trialScores, localBest.agreeing]);
  });
  const chosen = { ...stop, trials: 3, start: 'random' } as const;
  const validated = await bestOfMpi(own, algorithm, {
    ...quiet,
    ...chosen,
    weights: ownWeights,
    validation: spread(validation, comm, 'uneven'),
  });
  results['best on validation rows'] = hash([validated.model, validated.trialScores]);
  locally('best on validation rows', () => {
    const { model, trialScores } = bestOf(rows, estimator, { ...chosen, weights, validation });
    return hash([model, trialScores]);
  });

  // Numbers of components: rows anywhere, rows that are encoded, and lists on disk with weights.
  const search = { from: 4, to: 5, trials: 4, seed: 7, start: 'random', maxIterations: 200 } as const;
  const groups = new MixtureDistribution(
    [0, 1, 2, 3, 4].map((i) => new GaussianDistribution({ mu: 2.5 * i, sigma2: 1 })),
    { w: [0.2, 0.2, 0.2, 0.2, 0.2] },
  );
  const grouped = groups.sampler(2).sample(300);
  const mixtureOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => new GaussianEstimator()));
  const chosenOf = ({ table, fits, componentCount, ended, ...fit }: Chosen) =>
    hash([table, fits.map((each) => each && found(each)), componentCount, ended, found(fit)]);
  locally('number of components', () => {
    const localChoice = chooseComponents(grouped, mixtureOf, search);
    if (!localChoice.table.some(({ dropped }) => dropped > 0)) throw new Error('no trial was given up');
    return chosenOf(localChoice);
  });
  const components = componentSearch(mixtureOf);
  const groupedShard = await seqEncodeMpi(spread(grouped, comm, 'even'), components.algorithm(2), { comm });
  for (const [name, source] of [
    ['uneven', spread(grouped, comm, 'uneven')],
    ['on the last rank', spread(grouped, comm, 'on the last rank')],
    ['encoded', groupedShard],
  ] as const) {
    const chosenThere = await chooseComponentsMpi(source as typeof groupedShard, components, { ...quiet, ...search });
    results[`number of components, rows ${name}`] = chosenOf(chosenThere as Chosen);
    local[`number of components, rows ${name}`] = local['number of components']!;
  }
  const listOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => new SequenceEstimator(component)));
  const listRows = Array.from({ length: 120 }, (_, i) => rows.slice(5 * i, 5 * i + (i % 6)));
  const ofLists = { to: 2, trials: 2, criterion: 'icl', unit: 'sequences', maxIterations: 20 } as const;
  const listWeights = listRows.map((_, i) => (i % 3) / 2);
  const listChoice = await chooseComponentsMpi(spread(listRows, comm, 'on rank 0'), componentSearch(listOf), {
    ...quiet,
    ...ofLists,
    spill: {},
    weights: comm.rank === 0 ? listWeights : [],
  });
  results['number of components of lists'] = chosenOf(listChoice as Chosen);
  locally('number of components of lists', () =>
    chosenOf(chooseComponents(listRows, listOf, { ...ofLists, weights: listWeights })),
  );

  const initial = await seqInitializeMpi(shard, algorithm, { comm, seed: 'a seed' });
  const step = await seqEstimateMpi(shard, algorithm, comm.rank === 0 ? initial : null, { comm, codec });
  results['two steps'] = hash([step.model, step.entered.logLikelihood]);
  locally('two steps', () => {
    const { model, path } = optimize(rows, estimator, { maxIterations: 1, seed: 'a seed' });
    return hash([model, path[0]!.logLikelihood]);
  });

  const scores = new Float64Array(rows.length);
  truth.seqLogDensity(algorithm.encode(rows), 0, rows.length, scores);
  const all = await seqLogDensityMpi(own, em(estimator), truth as never, { comm, scoresOn: 'root' });
  const mine = await seqLogDensityMpi(own, em(estimator), truth as never, { comm });
  results['scores on the root'] = comm.rank === 0 ? hash(all) : String(all);
  local['scores on the root'] = comm.rank === 0 ? hash(scores) : 'null';
  results['scores on their ranks'] = hash(mine);
  local['scores on their ranks'] = hash(scores.slice(first, first + own.length));

  const crossed = { folds: 3, seed: 1, maxIterations: 5 };
  const folds = await kFoldMpi(spread(rows, comm, 'uneven'), algorithm, { ...quiet, ...crossed });
  results['cross-validation'] = hash([
    [folds.logLikelihood, folds.meanLogLikelihood, folds.standardError, folds.seed],
    folds.folds.map(({ logLikelihood, weight, fit }) => [logLikelihood, weight, found(fit)]),
  ]);
  locally('cross-validation', () => {
    const localFolds = kFold(rows, estimator, crossed);
    return hash([
      [localFolds.logLikelihood, localFolds.meanLogLikelihood, localFolds.standardError, localFolds.seed],
      localFolds.folds.map(({ logLikelihood, weight, fit }) => [logLikelihood, weight, found(fit)]),
    ]);
  });
  const weighted = await kFoldMpi(own, algorithm, { comm, progress: 'silent', ...crossed, weights: ownWeights });
  results['weighted cross-validation'] = hash(weighted.logLikelihood);
  locally('weighted cross-validation', () => hash(kFold(rows, estimator, { ...crossed, weights }).logLikelihood));

  for (const method of ['bootstrap', 'jackknife'] as const) {
    const plan = { method, replicates: 4, seed: 1 };
    const few = { maxIterations: 5, seed: 1 };
    const spreadErrors = await standardErrorsMpi(rowsOn('uneven'), algorithm, resampling(plan), { ...quiet, ...few });
    const errorsOf = ({ parameters, ambiguous, failed }: { parameters: unknown; ambiguous: number; failed: number }) =>
      hash([parameters, ambiguous, failed]);
    results[`standard errors, ${method}`] = errorsOf(spreadErrors);
    locally(`standard errors, ${method}`, () => errorsOf(standardErrors(rows, estimator, { ...plan, ...few })));
  }
  const sum = await seqLogDensitySumMpi(rowsOn('uneven'), algorithm, truth as never, { comm });
  const loaded = await loadOnAll(() => best.model, { comm, codec });

  const gaussians = em(new MixtureEstimator([new GaussianEstimator(), new GaussianEstimator()]));
  const tenth = { ...quiet, maxIterations: 2, delta: null };
  const { timingsOfRanks, path } = await optimizeMpi(comm.rank === 0 ? rows.map(([x]) => x) : null, gaussians, tenth);

  if (!isKnown && comm.rank === 0) writeFileSync(file, JSON.stringify(local));
  // Short: Open MPI may cut long lines of several ranks into each other.
  const report = {
    rank: comm.rank,
    caseCount: Object.keys(results).length,
    unlikeLocal: Object.keys(results).filter((name) => results[name] !== local[name]),
    shared: hash([folds, sum, path]),
    heldOut: folds.folds.map(({ weight }) => weight),
    rowCount: sum.rowCount,
    isPaired: bigCalls.includes('recv') || bigCalls.includes('send'),
    isLoaded: hash(loaded) === hash(best.model),
    ranksTimed: timingsOfRanks.length,
    messages: comm.rank === 0 ? [...new Set(Object.values(messages).flat())].sort() : [],
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
});
