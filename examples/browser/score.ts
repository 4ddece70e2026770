/** Scores rows with a model file. The same code runs in Node and in a page. */
import { createCodec } from '@dml/serialize';
import { MixtureDistribution, modelTypes } from '@dml/stats';
import { visitors } from './visitors.js';

/** Log-density and posterior of each row. @throws {TypeError} when the file holds another kind of model */
export function score(file: Uint8Array): { readonly logDensity: number; readonly posterior: readonly number[] }[] {
  const model = createCodec({ types: modelTypes }).decode(file);
  if (!(model instanceof MixtureDistribution)) throw new TypeError('the file does not hold a mixture');
  const rows = visitors.sampler(8).sample(20);
  return rows.map((row) => ({ logDensity: model.logDensity(row), posterior: model.posterior(row) }));
}
