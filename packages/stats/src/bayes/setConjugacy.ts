/** What sets of levels and of integers share that have beta distributions as prior. */
import type { Level } from '../leaf/levels/levels.js';
import type { SetStatistic } from '../leaf/sets/setCounts.js';
import { type SetScorer, SetScores } from '../leaf/sets/setScores.js';
import type { SetRow } from '../leaf/sets/sets.js';
import { log, log1p } from '../numeric/elementary.js';
import type { LevelBetaDistribution } from './levelBeta.js';

/** The posterior after rows with this statistic. */
export function updatedSet<T extends Level>(
  known: LevelBetaDistribution<T>,
  { count, levels, counts }: SetStatistic<T>,
): LevelBetaDistribution<T> {
  return known.updated(count, levels, counts);
}

/** E log f of sets: that of the empty one, and for each item present E log p - E log(1 - p). */
export function expectedSetScorer<T extends Level>(known: LevelBetaDistribution<T>): SetScorer<T> {
  let empty = 0;
  for (const level of known.shapes.keys()) empty += known.meanLogsOf(level).ofRest;
  const scores = new SetScores<T>({
    empty,
    requiredCount: 0,
    isRequired: () => false,
    oddsOf(item) {
      const { ofShare, ofRest } = known.meanLogsOf(item);
      return known.shapes.has(item) ? ofShare - ofRest : ofShare; // the empty set has no term of levels without a name
    },
  });
  return { setScores: scores, seqLogDensity: (columns, start, end, out) => scores.score(columns, start, end, out) };
}

/** log of the probability of one more set: items are independent, each with its mean probability. */
export function predictiveOfSet<T extends Level>(known: LevelBetaDistribution<T>, row: SetRow<T>): number {
  const items = new Set(row);
  let sum = 0;
  for (const level of new Set([...known.shapes.keys(), ...items])) {
    const p = known.meanOf(level);
    sum += items.has(level) ? log(p) : log1p(-p);
  }
  return sum;
}
