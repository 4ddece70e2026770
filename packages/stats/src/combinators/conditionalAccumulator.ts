/** The E step of a value given another: each group's score or statistic, and that of the given level. */

import type { Accumulator, Draws, Scorer, Scratch } from '../contract.js';
import type { Level } from '../leaf/levels/levels.js';
import { addLogs } from '../numeric/logSumExp.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, scoreChild } from '../tree/children.js';
import type { ConditionalColumns } from './conditionalColumns.js';
import { type GroupAccumulators, GroupMemory, type GroupStatistic, scoreGroups } from './groups.js';

/** Additive over rows: the statistics of the groups and that of the given levels. */
export interface ConditionalStatistic extends GroupStatistic {
  readonly given: unknown;
}

/** Working memory of a block. */
export class ConditionalMemory {
  readonly groups = new GroupMemory();
  readonly given = new GrowingScratch();
}

/** What the E step needs of a conditional model. */
export interface ConditionalModel extends Scorer<ConditionalColumns> {
  readonly given: Scorer;
  groupDists(columns: ConditionalColumns): readonly (Scorer | undefined)[];
}

export function scoreConditional(
  model: Omit<ConditionalModel, 'seqLogDensity'>,
  children: { readonly groups: GroupAccumulators; readonly given: Accumulator } | undefined,
  columns: ConditionalColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: ConditionalMemory,
): void {
  const dists = model.groupDists(columns);
  if (children === undefined) scoreGroups(dists, undefined, columns, start, end, out, memory.groups);
  else children.groups.score(dists, columns, start, end, out);
  const scores = memory.given.atLeast(end - start);
  scoreChild(children?.given, model.given, columns.given, start, end, scores);
  for (let i = 0; i < end - start; i++) out[i] = addLogs(out[i]!, scores[i]!);
}

/**
 * The score of a value given its level by what scores the children.
 * @param scorers  by level, then that of other levels if there is one, and that of the given level
 */
export function conditionalScorer(
  levels: readonly Level[],
  scorers: readonly Scorer[],
  hasOtherwise: boolean,
): ConditionalModel {
  const memory = new ConditionalMemory();
  const byLevel = new Map(levels.map((level, j) => [level, scorers[j]!]));
  const otherwise = hasOtherwise ? scorers[levels.length] : undefined;
  let grouped: { readonly levels: readonly Level[]; readonly dists: readonly (Scorer | undefined)[] } | undefined;
  const model = {
    given: scorers[scorers.length - 1]!,
    groupDists(columns: ConditionalColumns) {
      if (grouped?.levels !== columns.levels) {
        const dists = columns.levels.map((level) => byLevel.get(level) ?? otherwise);
        grouped = { levels: columns.levels, dists: columns.hasOtherwise ? [...dists, otherwise] : dists };
      }
      return grouped.dists;
    },
  };
  return {
    ...model,
    seqLogDensity: (columns, start, end, out) => scoreConditional(model, undefined, columns, start, end, out, memory),
  };
}

/** Each level learns from its own rows. */
export class ConditionalAccumulator implements Accumulator<ConditionalColumns, ConditionalStatistic, ConditionalModel> {
  readonly kind: string;
  readonly children: readonly Accumulator[];
  readonly #memory = new ConditionalMemory();

  constructor(
    readonly groups: GroupAccumulators,
    readonly given: Accumulator,
    readonly key: string | undefined,
  ) {
    this.children = [...groups.children, given];
    this.kind = `Conditional[${this.children.map((child) => child.kind ?? '?').join(', ')}]`;
  }

  begin(model: ConditionalModel | undefined, columns: ConditionalColumns, scratch: Scratch): void {
    this.#memory.given.from(scratch);
    this.groups.begin(model?.groupDists(columns), columns, scratch);
    this.given.begin?.(model?.given, columns.given, scratch);
  }

  score(model: ConditionalModel, columns: ConditionalColumns, start: number, end: number, out: Float64Array): void {
    scoreConditional(model, this, columns, start, end, out, this.#memory);
  }

  seqUpdate(
    columns: ConditionalColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: ConditionalModel,
  ): void {
    this.groups.seqUpdate(columns, start, end, weights, model?.groupDists(columns));
    this.given.seqUpdate(columns.given, start, end, weights, model?.given);
  }

  seqInitialize(columns: ConditionalColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.groups.seqInitialize(columns, start, end, weights, draws.child('value'));
    initializeChild(this.given, columns.given, start, end, weights, draws.child('given'));
  }

  combine({ given, ...groups }: ConditionalStatistic): void {
    this.groups.combine(groups);
    this.given.combine(given);
  }

  value(): ConditionalStatistic {
    return { ...this.groups.value(), given: this.given.value() };
  }

  fromValue({ given, ...groups }: ConditionalStatistic): void {
    this.groups.fromValue(groups);
    this.given.fromValue(given);
  }
}
