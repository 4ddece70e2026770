/** Draws rows of associations. */

import { type ListSamplerOptions, lengthSampler } from '../../combinators/lengthModel.js';
import type { Counted } from '../../combinators/multinomialColumns.js';
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, Sampler, Seed } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { type AssociationRow, totalOf } from './associationColumns.js';

/** Rows without sources have no targets. After so many draws of such rows in a row, the models of the two do not fit together. */
const MAX_TRIALS = 10_000;

/**
 * Draws a list of sources, a number of targets and as many targets, each from a source that is drawn by its count, and counts
 * equal ones: numbers in ascending order, others in the order drawn. Sources and numbers of targets that are impossible together
 * are drawn again.
 * @param drawTarget  a target of a source
 * @param background  how the others are drawn. Default: all targets come from sources
 */
export function associationSampler(
  owner: string,
  model: { readonly given: AnyDistribution; readonly length: AnyDistribution },
  seed: Seed,
  options: ListSamplerOptions,
  drawTarget: (source: unknown) => unknown,
  background: { readonly share: number; readonly draw: () => unknown } = { share: 0, draw: () => undefined },
): Sampler<AssociationRow> {
  const totals = lengthSampler(owner, model.length, seed, options);
  if (model.given instanceof NullDistribution) {
    throw new ParameterError(owner, 'given', 'a distribution, to draw rows from it', model.given);
  }
  const rng = random(childSeed(seed, 'links'));
  const lists = model.given.sampler(childSeed(seed, 'given'));
  /** A row, or `undefined` when a target came from the sources, and there was none. */
  const draw = (): AssociationRow | undefined => {
    const sources = lists.sample() as readonly Counted<unknown>[];
    const total = totals();
    const counts = sources.map(([, count]) => count);
    const isEmpty = totalOf(sources) === 0;
    const targets = new Map<unknown, number>();
    for (let n = 0; n < total; n++) {
      const isBackground = background.share > 0 && rng() < background.share;
      if (!isBackground && isEmpty) return undefined;
      const target = isBackground ? background.draw() : drawTarget(sources[drawIndex(rng, counts)]![0]);
      targets.set(target, (targets.get(target) ?? 0) + 1);
    }
    return [sources, countsOf(targets)];
  };
  return samplerOf(() => {
    for (let trial = 0; trial < MAX_TRIALS; trial++) {
      const row = draw();
      if (row !== undefined) return row;
    }
    throw new ParameterError(owner, 'given', 'a distribution that draws sources where there are targets', model.given);
  });
}

/** The values with their counts: numbers in ascending order. */
export function countsOf<T>(counts: ReadonlyMap<T, number>): Counted<T>[] {
  return [...counts].sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
}
