/** Gives drawn rows the gaps of a row, so that its known part is compared with the same part of theirs. */
import { isMissing } from '../combinators/optionalColumns.js';
import type { AnyDistribution, Step } from '../contract.js';
import { componentsIn } from './mixtures.js';
import type { Described } from './openGaps.js';

/** Gives a row that was drawn the gaps of another. */
type PutGaps = (drawn: unknown) => unknown;

/**
 * What puts the gaps of `row` into rows of the model; `undefined` where it has none. A gap is what the model leaves out of the
 * score: a missing coordinate, and a missing value whose probability is not modelled. Those between the items of lists stay out.
 * @param row  a row of the model
 */
export function sameGaps(model: AnyDistribution, row: unknown): PutGaps | undefined {
  const mixture = componentsIn(model);
  if (mixture !== undefined) return sameGaps(mixture.components[0]!, row);
  const { type, fields, dists, dist, p = null, missing } = model.toJSON() as Described;
  switch (type) {
    case 'Record':
      return inFields(Object.entries(fields!), row, (drawn, own) => ({
        ...(drawn as object),
        ...Object.fromEntries(own),
      }));
    case 'Composite':
      return inFields(dists!.entries(), row, (drawn, own) =>
        Object.assign([...(drawn as readonly unknown[])], Object.fromEntries(own)),
      );
    case 'Optional': {
      if (isMissing(row, missing)) return p === null ? () => row : undefined;
      const put = sameGaps(dist!, row);
      return put && ((drawn) => (isMissing(drawn, missing) ? drawn : put(drawn)));
    }
    case 'DiagonalGaussian':
    case 'MultivariateGaussian': {
      const entries = Array.from(row as ArrayLike<unknown>);
      if (missing === undefined || !entries.some((entry) => isMissing(entry, missing))) return undefined;
      return (drawn) =>
        entries.map((entry, j) => (isMissing(entry, missing) ? entry : (drawn as ArrayLike<unknown>)[j]));
    }
    default:
      return undefined;
  }
}

function inFields(
  fields: Iterable<readonly [Step, AnyDistribution]>,
  row: unknown,
  join: (drawn: unknown, own: readonly (readonly [Step, unknown])[]) => unknown,
): PutGaps | undefined {
  const values = row as Readonly<Record<Step, unknown>>;
  const puts = [...fields].flatMap(([step, field]) => {
    const put = sameGaps(field, values[step]);
    return put === undefined ? [] : [[step, put] as const];
  });
  if (puts.length === 0) return undefined;
  return (drawn) => {
    const own = drawn as Readonly<Record<Step, unknown>>;
    return join(
      drawn,
      puts.map(([step, put]) => [step, put(own[step])] as const),
    );
  };
}
