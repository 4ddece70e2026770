/** Does one thing wrong, as its argument says. Must end at once on all ranks, with a message. */
import { optimizeMpi, type Rows, saveOnRoot, seqEncodeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import {
  CategoricalEstimator,
  em,
  GaussianEstimator,
  IntegerCategoricalEstimator,
  MixtureEstimator,
  modelTypes,
  RecordEstimator,
} from '@dml/stats';
import { ObjectEstimator } from './objectEstimator.js';

interface Row {
  readonly size: number;
  readonly kind: string;
}

await runMpi(async (comm) => {
  const { rank, size } = comm;
  const fault = process.argv[2];
  const isLast = rank === size - 1;
  const codec = createCodec({ types: modelTypes });
  const record = new RecordEstimator({ size: new GaussianEstimator(), kind: new CategoricalEstimator<string>() });
  const algorithm = em(new MixtureEstimator([record, record]));
  const rows: Row[] = Array.from({ length: 100 }, (_, i) => ({ size: i % 13, kind: i % 3 === 0 ? 'a' : 'b' }));
  const options = { comm, codec, maxIterations: 5, delta: null, progress: 'silent' } as const;
  const bad = (row: unknown): Rows<Row> => [...rows.slice(0, 41), row as Row, ...rows.slice(42)];

  switch (fault) {
    case 'NaN on the last rank':
      await optimizeMpi(isLast ? bad({ size: Number.NaN, kind: 'a' }) : rows, algorithm, options);
      break;
    case 'missing field on rank 0 alone':
      await optimizeMpi(rank === 0 ? bad({ size: 1 }) : null, algorithm, options);
      break;
    case 'wrong type in a stream':
      await optimizeMpi(isLast ? chunks(bad({ size: '1', kind: 'a' }) as Row[]) : chunks(rows), algorithm, options);
      break;
    case 'a stream that breaks':
      await optimizeMpi(isLast ? broken(rows) : chunks(rows), algorithm, options);
      break;
    case 'no rows at all':
      await optimizeMpi<Row, never, never>(null, algorithm as never, options as never);
      break;
    case 'other iterations on the last rank':
      await optimizeMpi(rows, algorithm, { ...options, maxIterations: isLast ? 6 : 5 });
      break;
    case 'other estimator on the last rank': {
      const estimator = new CategoricalEstimator<string>({ pseudoCount: isLast ? 2 : 1 });
      await optimizeMpi(
        rows.map(({ kind }) => kind),
        em(estimator),
        options as never,
      );
      break;
    }
    case 'other call on the last rank':
      if (isLast) await seqEncodeMpi(rows, algorithm, { comm });
      else await optimizeMpi(rows, algorithm, options);
      break;
    case 'a call of the communicator on the last rank':
      if (isLast) comm.allgatherObject('mine');
      else await optimizeMpi(rows, algorithm, options);
      comm.barrier(); // the last rank waits here until the others have ended the job
      break;
    case 'unknown option':
      await optimizeMpi(rows, algorithm, { ...options, maxIts: 3 } as never);
      break;
    case 'weight below zero':
      await optimizeMpi(rows, algorithm, { ...options, weights: rows.map((_, i) => (isLast && i === 7 ? -1 : 1)) });
      break;
    case 'combine throws': {
      process.env.FAULT = 'combine';
      const numbers = rows.map((row) => row.size);
      await optimizeMpi(numbers, em(new ObjectEstimator()), { ...options, codec } as never);
      break;
    }
    case 'an E step throws on the last rank': {
      const failing = { ...algorithm, steps: failingSteps(algorithm, isLast) };
      await optimizeMpi(rows, failing, options);
      break;
    }
    case 'an E step of big statistics throws on the last rank': {
      const big = em(new IntegerCategoricalEstimator());
      const values = rows.map((_, i) => 700 * i);
      await optimizeMpi(values, { ...big, steps: failingSteps(big, isLast) }, options as never);
      break;
    }
    case 'a lost rejection':
      if (isLast) void Promise.reject(new Error('lost by rank 2'));
      await optimizeMpi(rows, algorithm, { ...options, maxIterations: 1e9 }); // only the error ends it
      break;
    case 'a throw in a timer':
      if (isLast) setTimeout(() => failAt(true), 100);
      await optimizeMpi(rows, algorithm, { ...options, maxIterations: 1e9 });
      break;
    case 'progress rejects':
      await optimizeMpi(rows, algorithm, { ...options, progress: async ({ iteration }) => failAt(iteration === 2) });
      break;
    case 'progress throws':
      await optimizeMpi(rows, algorithm, { ...options, progress: ({ iteration }) => failAt(iteration === 2) });
      break;
    case 'impossible row': {
      const one = em(new CategoricalEstimator<string>());
      const start = new CategoricalEstimator<string>().estimate({ levels: ['a'], counts: Float64Array.of(1) });
      const seen = { ...one, steps: neverLearning(one) };
      await optimizeMpi(isLast ? ['a', 'a', 'z'] : ['a', 'a'], seen, { ...options, initialModel: start } as never);
      break;
    }
    case 'save fails':
      await saveOnRoot({}, () => Promise.reject(new Error('no space left for the model')), comm);
      break;
    case 'killed':
    case 'stopped': {
      const signal = fault === 'killed' ? 'SIGKILL' : 'SIGSTOP';
      await optimizeMpi(rows, { ...algorithm, steps: signallingSteps(algorithm, isLast && signal) }, options);
      break;
    }
    case 'idle after the fit':
      await optimizeMpi(rows, algorithm, options);
      if (isLast) await new Promise(() => setInterval(() => {}, 1000)); // for a request that never comes, say
      return;
    case 'idle after the end':
      await optimizeMpi(rows, algorithm, options);
      if (isLast) setInterval(() => {}, 1000);
      return;
    case 'disk full while rows spill':
      await optimizeMpi(manyRows(), algorithm, { ...options, spill: { folder: process.argv[3] ?? '' } });
      break;
    default:
      throw new Error(`unknown fault ${fault}`);
  }
  console.log('went on'); // no fault may come here
});

function failAt(isNow: boolean): void {
  if (isNow) throw new RangeError('told to fail');
}

async function* chunks(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += 10) yield rows.slice(start, start + 10);
}

async function* manyRows(): AsyncGenerator<readonly Row[]> {
  for (let list = 0; list < 100; list++) yield Array.from({ length: 1000 }, (_, i) => ({ size: i % 13, kind: 'a' }));
}

async function* broken(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows.slice(0, 10);
  throw new Error('the disk of this rank is gone');
}

type Algorithm = ReturnType<typeof em<Row, never, never, never>>;

/** Steps that fail in the third pass. */
function failingSteps(algorithm: unknown, isFailing: boolean): never {
  return wrapped(algorithm, (pass) => failAt(isFailing && pass === 2));
}

/** Steps that send their process a signal in the third pass. */
function signallingSteps(algorithm: unknown, signal: 'SIGKILL' | 'SIGSTOP' | false): never {
  return wrapped(algorithm, (pass) => signal && pass === 2 && process.kill(process.pid, signal));
}

function wrapped(algorithm: unknown, before: (pass: number) => unknown): never {
  const { steps } = algorithm as Algorithm;
  return ((schema: never) => {
    const made = steps(schema);
    const seen = new Set<unknown>();
    return {
      ...made,
      expectation(...parameters: Parameters<typeof made.expectation>) {
        seen.add(parameters[0]);
        before(seen.size - 1);
        return made.expectation(...parameters);
      },
    };
  }) as never;
}

/** Steps whose M step keeps the model, so that a row stays impossible. */
function neverLearning(algorithm: unknown): never {
  const { steps } = algorithm as Algorithm;
  return ((schema: never) => ({
    ...steps(schema),
    maximization: (model: never) => ({ model, findings: [] }),
  })) as never;
}
