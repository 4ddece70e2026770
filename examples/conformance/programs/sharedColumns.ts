/** Each rank fits every model to columns that all ranks share. Rank 0 returns the models and likelihoods as bytes. */
import { optimizeMpi, shareColumnsMpi } from '@dml/mpi-estimation';
import type { RankContext } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import { em, modelTypes } from '@dml/stats';
import { models } from './models.js';

const codec = createCodec({ types: modelTypes });
const STOP = { maxIterations: 6, seed: 3 } as const;

/** What a fit found, as bytes. */
export const found = ({ model, path }: { readonly model: unknown; readonly path: unknown }): Uint8Array =>
  codec.encode({ model, path });

export interface Task {
  /** Encoded rows of each model. */
  readonly columns: Readonly<Record<string, ReturnType<ReturnType<typeof em>['encode']>>>;
  /** Weights of the rows of one of them. */
  readonly weighted: { readonly name: string; readonly weights: Float64Array };
}

export default async function fit({ comm, data }: RankContext<Task>): Promise<Readonly<Record<string, Uint8Array>>> {
  const results: Record<string, Uint8Array> = {};
  const { name: weightedName, weights } = data.weighted;
  const fitOne = async (name: string, given?: Float64Array) => {
    const algorithm = em(models[name]!.estimator);
    const options = given === undefined ? { comm } : { comm, weights: given };
    const shard = await shareColumnsMpi(data.columns[name]!, algorithm, options);
    return found(await optimizeMpi(shard, algorithm, { comm, codec, progress: 'silent', modelOn: 'all', ...STOP }));
  };
  for (const name of Object.keys(models)) results[name] = await fitOne(name);
  results.weighted = await fitOne(weightedName, weights);
  return results;
}

/** Ranks that do not agree on the rows, or have a bad weight: every rank throws. */
export async function disagree({ comm, data }: RankContext<'rows' | 'weights'>): Promise<never> {
  const { estimator, rows } = Object.values(models)[0]!;
  const algorithm = em(estimator);
  const own = data === 'rows' && comm.rank === 1 ? rows.slice(1) : rows;
  const weights = new Float64Array(rows.length).fill(1);
  weights[rows.length - 1] = data === 'weights' ? -1 : 1;
  await shareColumnsMpi(algorithm.encode(own), algorithm, { comm, weights: weights.subarray(0, own.length) });
  throw new Error('they agreed');
}
