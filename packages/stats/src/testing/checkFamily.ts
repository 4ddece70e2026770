/**
 * The law that every family obeys, as checks that any test runner can run. Not tied to one: each check throws when it fails.
 */
import { edgeLaws } from './edgeLaws.js';
import { encodingLaws } from './encodingLaws.js';
import { fittingLaws } from './fittingLaws.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { modelLaws } from './modelLaws.js';
import { offerLaws } from './offerLaws.js';
import { partLaws } from './partLaws.js';
import { queryLaws } from './queryLaws.js';
import { scoringLaws } from './scoringLaws.js';
import { statisticLaws } from './statisticLaws.js';

/**
 * The checks for a family. All randomness is seeded: a check fails always or never.
 * @throws {Error} when no distribution is given
 * @example
 * for (const { law, run } of checkFamily({ distributions, estimator: new PoissonEstimator() })) it(law, run);
 */
export function checkFamily(laws: FamilyLaws): readonly LawCheck[] {
  if (laws.distributions.length === 0) throw new Error('checkFamily: give at least one distribution.');
  return [
    ...offerLaws(laws),
    ...scoringLaws(laws),
    ...queryLaws(laws),
    ...partLaws(laws),
    ...encodingLaws(laws),
    ...modelLaws(laws),
    ...statisticLaws(laws),
    ...fittingLaws(laws),
    ...edgeLaws(laws),
  ];
}
