/**
 * How well scores separate positives from negatives.
 * Source: Fawcett (2006), An introduction to ROC analysis, Pattern Recognition Letters 27.
 */

import { checkObject, checkProbability } from '../checks/parameters.js';
import { checkRows, isRows } from '../checks/rows.js';
import { DataError, ParameterError } from '../errors.js';

/** See {@link rocCurve}. The three lists belong together: one entry for (0, 0), then one for each different score. */
export interface RocCurve {
  /** The scores in descending order: values at least as large count as detected. Infinity for the first point. */
  readonly threshold: readonly number[];
  /** The share of the positives that is detected, from 0 to 1. */
  readonly detection: readonly number[];
  /** The share of the negatives that is classified as positive, from 0 to 1. */
  readonly falseAlarm: readonly number[];
  /** The area under the curve: the probability that a positive scores higher than a negative, ties counted half. */
  readonly area: number;
}

/** A point of a {@link RocCurve}. */
export interface RocPoint {
  readonly detection: number;
  readonly falseAlarm: number;
}

/**
 * The receiver operating characteristic of scores. Equal scores make one point, so that the order of the lists does not matter.
 * @param positive  scores of the positives, at least one; they may be infinite
 * @param negative  scores of the negatives, at least one
 * @throws {DataError} for a score that is NaN or not a number
 * @example
 * const { area, detection, falseAlarm } = rocCurve([3, 2, 1], [2, 0]);
 * area;       // 0.75
 * detection;  // [0, 1/3, 2/3, 1, 1]
 * falseAlarm; // [0, 0, 1/2, 1/2, 1]
 */
export function rocCurve(positive: ArrayLike<number>, negative: ArrayLike<number>): RocCurve {
  const [positives, negatives] = [descending('positive', positive), descending('negative', negative)];
  const threshold = [Infinity];
  const detection = [0];
  const falseAlarm = [0];
  let area = 0;
  let [i, j] = [0, 0];
  while (i < positives.length || j < negatives.length) {
    const score = Math.max(positives[i] ?? -Infinity, negatives[j] ?? -Infinity);
    const [before, alarmsBefore] = [i, j];
    while (i < positives.length && positives[i]! === score) i++;
    while (j < negatives.length && negatives[j]! === score) j++;
    area += ((j - alarmsBefore) * (i + before)) / 2;
    threshold.push(score);
    detection.push(i / positives.length);
    falseAlarm.push(j / negatives.length);
  }
  return { threshold, detection, falseAlarm, area: area / positives.length / negatives.length };
}

/**
 * For each level the point with the largest detection rate that is not above it; of several such points the one with the
 * largest false-alarm rate.
 * @param levels  detection rates in [0, 1]
 * @throws {ParameterError} for a level outside this range, and an invalid curve
 * @throws {OptionError} unless `levels` is a list
 * @example
 * rocPoints(rocCurve([3, 2, 1], [2, 0]), [0.5]); // [{ detection: 1/3, falseAlarm: 0 }]
 */
export function rocPoints(curve: RocCurve, levels: ArrayLike<number>): RocPoint[] {
  const { detection, falseAlarm } = checkObject('rocPoints', curve, ['detection', 'falseAlarm']);
  for (const [name, rates] of Object.entries({ detection, falseAlarm })) checkRows(`rocPoints: ${name}`, rates);
  checkRows('rocPoints: levels', levels);
  return Array.from(levels, (level, i) => {
    checkProbability('rocPoints', `levels[${i}]`, level);
    const above = detection.findIndex((rate) => rate > level);
    const at = (above < 0 ? detection.length : above) - 1;
    return { detection: detection[at]!, falseAlarm: falseAlarm[at]! };
  });
}

function descending(name: string, scores: ArrayLike<number>): Float64Array {
  if (!isRows(scores) || scores.length === 0)
    throw new ParameterError('rocCurve', name, 'a list of at least one score', scores);
  const numbers: readonly unknown[] = Array.from(scores);
  const bad = numbers.findIndex((score) => typeof score !== 'number' || Number.isNaN(score));
  if (bad >= 0) throw new DataError('rocCurve', bad, 'a number', numbers[bad], [name]);
  return Float64Array.from(scores).sort().reverse();
}
