/**
 * An EM step in parts. A part of the rows gives a statistic of its own, and the statistics of all parts give the next model: the
 * same, to the bit, as a step over all rows at once, since both add along one tree over segments of the rows.
 */

import { type AnyDistribution, type Columns, em, estimatorFromJSON, type PassStatistic } from '@dml/stats';
import { type Row, type RowEstimator, TableError } from '@dml-examples/tables';
import { estimatorsOf } from './estimators.js';
import { codecOf, hashOf, type Meta, type ModelModule } from './modelFile.js';
import { counted } from './output.js';

/** The sum over segments `[first, first + size)`; `size` is a power of two that divides `first`. */
interface Node {
  readonly first: number;
  readonly size: number;
  readonly value: PassStatistic;
}

/** Rows of a segment of which the part has not all; those that have the others have the rest. */
interface Edge {
  readonly segment: number;
  readonly columns: Columns;
}

/** What a part of the rows adds to a step. */
export interface PartStatistic {
  readonly kind: 'dml statistic';
  /** A hash of the model that entered. */
  readonly model: string;
  /** Rows of all parts, and the rows `[first, end)` of this one. */
  readonly rowCount: number;
  readonly first: number;
  readonly end: number;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** A step of a model, part by part. */
export class StepInParts {
  readonly #algorithm;
  readonly #steps;
  readonly #hash: string;

  /** @throws {TableError} for columns of nested values without their estimator */
  constructor(
    readonly model: AnyDistribution,
    readonly meta: Meta,
    module: ModelModule | undefined,
  ) {
    const { componentCount, estimator } = meta;
    const nested = meta.types.find(({ type, isUsed }) => isUsed && type === 'nested');
    if (nested !== undefined && estimator === undefined && module === undefined) {
      throw new TableError(
        `"${nested.name}" holds lists or objects, and the model does not say how they are fitted: give its module with --model, or fit again.`,
      );
    }
    const made =
      estimator === undefined
        ? estimatorsOf(meta.types, module, componentCount !== undefined).of(componentCount ?? 1)
        : (estimatorFromJSON(JSON.parse(estimator)) as unknown as RowEstimator); // of rows, as it was written
    this.#algorithm = em(made);
    this.#steps = this.#algorithm.steps(meta.schema);
    this.#hash = hashOf(model, codecOf(module));
  }

  /**
   * The statistic of rows `[first, first + rows.length)` of all.
   * @throws {TableError} for a level that no row of the fit had
   */
  ofPart(rows: readonly Row[], first: number): PartStatistic {
    const { rowCount, schema } = this.meta;
    const end = first + rows.length;
    if (end > rowCount)
      throw new TableError(`the model is of ${counted(rowCount, 'row')}, and this part ends with row ${end}.`);
    const columns = this.#algorithm.concat([schema, this.#algorithm.encode(rows, first)]);
    this.#checkLevels(columns);
    const sum = this.#treeSum();
    const edges: Edge[] = [];
    this.#forEachSegment((segment, start, stop) => {
      const [from, to] = [Math.max(start, first) - first, Math.min(stop, end) - first];
      if (from >= to) return;
      if (to - from < stop - start) edges.push({ segment, columns: this.#algorithm.slice(columns, from, to) });
      else sum.add({ first: segment, size: 1, value: this.#steps.expectation(this.model, columns, from, to) });
    });
    return { kind: 'dml statistic', model: this.#hash, rowCount, first, end, nodes: sum.nodes, edges };
  }

  /**
   * The next model.
   * @throws {TableError} unless the parts are of this model and each row is in one of them
   */
  next(parts: readonly PartStatistic[]): { readonly model: AnyDistribution; readonly logLikelihood: number } {
    this.#checkParts(parts);
    const nodes = new Map(parts.flatMap((part) => part.nodes.map((node) => [node.first, node] as const)));
    const edges = edgesOf(parts);
    const sum = this.#treeSum();
    const count = this.#algorithm.segments.count(this.meta.rowCount);
    for (let segment = 0; segment < count; ) {
      const node = nodes.get(segment) ?? { first: segment, size: 1, value: this.#joined(edges.get(segment) ?? []) };
      sum.add(node);
      segment += node.size;
    }
    const total = sum.nodes[0]!.value;
    const { model } = this.#steps.maximization(this.model, total);
    return { model: model as AnyDistribution, logLikelihood: this.#steps.likelihood(total).logLikelihood };
  }

  /** The statistic of a segment whose rows were in several parts; of one without rows where there are none. */
  #joined(parts: readonly Columns[]): PassStatistic {
    const columns = this.#algorithm.concat([this.meta.schema, ...parts]);
    return this.#steps.expectation(this.model, columns, 0, columns.rowCount);
  }

  #treeSum(): TreeSum {
    return new TreeSum((left, right) => this.#steps.combine(left, right));
  }

  #forEachSegment(visit: (segment: number, start: number, end: number) => void): void {
    const { count, start } = this.#algorithm.segments;
    const { rowCount } = this.meta;
    for (let segment = 0; segment < count(rowCount); segment++) {
      visit(segment, start(rowCount, segment), start(rowCount, segment + 1));
    }
  }

  #checkLevels(columns: Columns): void {
    const codec = codecOf();
    const known = codec.encode(this.#algorithm.slice(this.meta.schema, 0, 0));
    if (Buffer.compare(known, codec.encode(this.#algorithm.slice(columns, 0, 0))) === 0) return;
    throw new TableError('this part has a level that no row of the fit had: fit the model to all rows first.');
  }

  #checkParts(parts: readonly PartStatistic[]): void {
    const { rowCount } = this.meta;
    const sorted = [...parts].sort((a, b) => a.first - b.first);
    let next = 0;
    for (const { kind, model, first, end, rowCount: all } of sorted) {
      if (kind !== 'dml statistic') throw new TableError('a file is no statistic of "dml estep".');
      if (model !== this.#hash || all !== rowCount) throw new TableError('a statistic is of another model.');
      if (first < next) throw new TableError(`row ${first + 1} is in two statistics.`);
      if (first > next) throw new TableError(`rows ${next + 1} to ${first} are in no statistic.`);
      next = end;
    }
    if (next < rowCount) throw new TableError(`rows ${next + 1} to ${rowCount} are in no statistic.`);
  }

  /** Rows `[first, end)` of part `part` of `partCount`, cut between segments: then no part has to send rows. */
  bounds(part: number, partCount: number): readonly [first: number, end: number] {
    const { count, start } = this.#algorithm.segments;
    const { rowCount } = this.meta;
    const at = (cut: number) => start(rowCount, Math.floor((count(rowCount) * cut) / partCount));
    return [at(part - 1), at(part)];
  }
}

function edgesOf(parts: readonly PartStatistic[]): ReadonlyMap<number, readonly Columns[]> {
  const edges = new Map<number, Columns[]>();
  for (const part of [...parts].sort((a, b) => a.first - b.first)) {
    for (const { segment, columns } of part.edges) edges.set(segment, [...(edges.get(segment) ?? []), columns]);
  }
  return edges;
}

/** Takes nodes in order and joins siblings as soon as both are there, as a fit in one process adds. */
class TreeSum {
  readonly nodes: Node[] = [];

  /** @param combine  adds `right` to `left` and returns the sum */
  constructor(readonly combine: (left: PassStatistic, right: PassStatistic) => PassStatistic) {}

  add({ first, size, value }: Node): void {
    const left = this.nodes.at(-1);
    const areSiblings = left?.size === size && left.first + size === first && left.first % (2 * size) === 0;
    if (!areSiblings) this.nodes.push({ first, size, value });
    else {
      this.nodes.pop();
      this.add({ first: left.first, size: 2 * size, value: this.combine(left.value, value) });
    }
  }
}
