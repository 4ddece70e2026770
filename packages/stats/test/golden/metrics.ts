/** Runs the cases of metrics.json: scores, rankings and outcomes with what follows from them. */
import { binomialRank } from '../../src/choose/binomialRank.js';
import { type Candidate, rankingDepth } from '../../src/choose/rankingDepth.js';
import { rocCurve, rocPoints } from '../../src/choose/rocCurve.js';
import { type Json, NotImplemented } from './adapter.js';
import { differences } from './compare.js';

type Numbers = readonly number[];

const METRICS: Readonly<Record<string, (golden: Json) => string[]>> = {
  rocCurve(golden) {
    const curve = rocCurve(golden.positive as Numbers, golden.negative as Numbers);
    const { points, falseAlarmDetection } = golden.percentiles as Readonly<Record<string, Numbers>>;
    // The golden curves leave (0, 0) out, and levels below their first point.
    const levels = points!.filter((level) => level >= curve.detection[1]!);
    const found = rocPoints(curve, levels).map(({ falseAlarm, detection }) => [falseAlarm, detection]);
    return [
      ...differences(curve.detection.slice(1), golden.detection, 1e-12, 'detection'),
      ...differences(curve.falseAlarm.slice(1), golden.falseAlarm, 1e-12, 'falseAlarm'),
      ...differences(found, falseAlarmDetection, 1e-12, 'points'),
    ];
  },
  rankingDepth(golden) {
    const rows = golden.rows as readonly (readonly [unknown, readonly Candidate<unknown>[]])[];
    const found = rows.map(([target, candidates]) => rankingDepth(target, candidates, golden.k as number | undefined));
    return differences(found, golden.values, 0, 'places');
  },
  binomialRank(golden) {
    const groups = (golden.p as Numbers).map((p, g) => ({ p, count: (golden.count as Numbers)[g]! }));
    const range = (golden.highest as number) - (golden.lowest as number);
    const rank = binomialRank(groups, { step: range / 1e5 });
    // A value is off by half a step for each group at most.
    const tolerance = groups.length * rank.step;
    const values: number[] = [];
    rank.probability.forEach((share, k) => {
      for (let i = Math.round(share * 2 ** rank.totalCount); i > 0; i--) values.push(rank.lowest + k * rank.step);
    });
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    return [
      ...differences(rank.lowest, golden.lowest, 1e-12, 'lowest'),
      ...differences(rank.totalCount, golden.totalCount, 0, 'totalCount'),
      ...differences(values, golden.sortedLogLikelihoods, tolerance, 'values'),
      ...differences(values[values.length - 1], golden.highest, tolerance, 'highest'),
      ...differences(mean, golden.meanLogLikelihoodUniform, tolerance, 'mean'),
    ];
  },
};

function metricOf({ name }: Json): string {
  return String(name).split(' ')[0]!;
}

/** Whether a golden case is one of a metric. */
export function isMetricCase(golden: Json): boolean {
  return golden.params === undefined && metricOf(golden) in METRICS;
}

/** All disagreements of one case. @throws {NotImplemented} */
export function runMetric(golden: Json): string[] {
  const run = METRICS[metricOf(golden)];
  if (run === undefined) throw new NotImplemented(`metric not implemented: ${golden.name}`);
  return run(golden);
}
