/** The numbers of a model by their paths, from its plain form: what standard errors are of. */

import { assignment } from './assignment.js';

/** A model's plain form, numbers only. */
export type NumberTree = number | undefined | readonly NumberTree[] | { readonly [name: string]: NumberTree | string };

type Named = { readonly [name: string]: NumberTree | string };

/** The plain form of a model, of which numbers, lists, names and types are kept. */
export function numberTree(value: unknown): NumberTree {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if ('toJSON' in value && typeof value.toJSON === 'function') return treeOfModel(value.toJSON() as object);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as Iterable<unknown>, numberTree);
  return Object.fromEntries(
    Object.entries<unknown>(value as Readonly<Record<string, unknown>>).map(([name, field]) => [
      name,
      numberTree(field),
    ]),
  );
}

/** Of a model's own fields: the names of a record's fields are the user's, and mean nothing here. */
function treeOfModel(json: object): NumberTree {
  const { levels, ...fields } = json as { readonly levels?: unknown; readonly type?: unknown };
  if (fields.type === 'MarkovChain') return treeOfChain(fields);
  return Object.fromEntries(
    Object.entries<unknown>(fields).map(([name, field]) => {
      if (name === 'type') return [name, String(field)];
      const tree = numberTree(field);
      const isTable = Array.isArray(levels) && Array.isArray(tree) && tree.length === levels.length;
      // Levels are the names of what stands in step with them, not parameters.
      return [name, isTable ? Object.fromEntries(levels.map((level, k) => [JSON.stringify(level), tree[k]])) : tree];
    }),
  );
}

/** Tables by state, written as pairs: states are names, in whatever order they were met. */
function treeOfChain(fields: Readonly<Record<string, unknown>>): NumberTree {
  const byState = (pairs: unknown): NumberTree =>
    Array.isArray(pairs)
      ? Object.fromEntries(
          (pairs as readonly (readonly [unknown, unknown])[]).map(([state, entry]) => [
            JSON.stringify(state),
            byState(entry),
          ]),
        )
      : numberTree(pairs);
  const { initial, transitions, ...others } = fields;
  return {
    initial: byState(initial),
    transitions: byState(transitions),
    ...(numberTree(others) as { readonly [name: string]: NumberTree }),
  };
}

/** Each number by its path, as in `components[0].fields.height.mu` and `p["a"]`. */
export function numbersByPath(tree: NumberTree): Map<string, number> {
  const numbers = new Map<string, number>();
  const visit = (node: NumberTree | string, path: string): void => {
    if (typeof node === 'number') numbers.set(path, node);
    else if (isList(node)) node.forEach((entry, k) => visit(entry, `${path}[${k}]`));
    else if (isNamed(node)) {
      for (const [name, entry] of Object.entries(node)) visit(entry, joined(path, name));
    }
  };
  visit(tree, '');
  return numbers;
}

/** Families whose children are numbered at will: under which names the children, and the tables in step with them, stand. */
const EXCHANGEABLE: Readonly<
  Record<string, { children: string; lists: readonly string[]; squares: readonly string[] }>
> = {
  Mixture: { children: 'components', lists: ['w'], squares: [] },
  HiddenMarkov: { children: 'emissions', lists: ['w', 'end'], squares: ['transitions'] },
  TreeHiddenMarkov: { children: 'emissions', lists: ['w'], squares: ['transitions'] },
  HiddenSemiMarkov: { children: 'emissions', lists: ['w', 'durations'], squares: ['transitions'] },
};

/** A tree with its components in the order of those of another. */
export interface Matched {
  readonly tree: NumberTree;
  /** Whether a component is nearer to another one of the reference than to the one that it was matched with. */
  readonly isAmbiguous: boolean;
}

/**
 * Numbers the components of each tree as those of `reference`, at any depth, so that the sum of squared differences is least. A
 * difference counts in units of the spread of that parameter over all trees: what components hardly differ in decides little.
 */
export function matchComponents(trees: readonly NumberTree[], reference: NumberTree): Matched[] {
  const spread = spreads(trees, reference);
  return trees.map((tree) => {
    let isAmbiguous = false;
    const match = (node: NumberTree | string, wanted: NumberTree | string, path: string): NumberTree | string => {
      if (isList(node)) {
        return node.map((entry, k) => match(entry, isList(wanted) ? wanted[k] : undefined, `${path}[]`) as NumberTree);
      }
      if (!isNamed(node) || !isNamed(wanted)) return node;
      const ordered = reorder(node, wanted, path);
      return Object.fromEntries(
        Object.entries(ordered).map(([name, entry]) => [name, match(entry, wanted[name], joined(path, name))]),
      );
    };
    const reorder = (node: Named, wanted: Named, path: string): Named => {
      const kind = Object.hasOwn(EXCHANGEABLE, String(node.type)) ? EXCHANGEABLE[String(node.type)]! : undefined;
      if (kind === undefined || node.type !== wanted.type) return node;
      const mine = node[kind.children];
      const theirs = wanted[kind.children];
      if (!isList(mine) || !isList(theirs) || mine.length !== theirs.length) return node;
      const prefix = `${joined(path, kind.children)}[]`;
      const cost = costs(
        theirs,
        mine,
        (own) => spread.get(own.startsWith('[') ? prefix + own : `${prefix}.${own}`) ?? 0,
      );
      const order = assignment(cost);
      isAmbiguous ||= order.some((j, k) => cost.some((row) => row[j]! < cost[k]![j]!));
      const inOrder = (list: NumberTree | string) => order.map((j) => (list as readonly NumberTree[])[j]);
      const changed: [string, NumberTree][] = [[kind.children, inOrder(mine)]];
      for (const name of kind.lists) if (node[name] !== undefined) changed.push([name, inOrder(node[name])]);
      for (const name of kind.squares) changed.push([name, inOrder(node[name]).map(inOrder)]);
      return { ...node, ...Object.fromEntries(changed) };
    };
    return { tree: match(tree, reference, '') as NumberTree, isAmbiguous };
  });
}

/** The mean squared difference from the reference, of each path with all numbers of list entries left out. */
function spreads(trees: readonly NumberTree[], reference: NumberTree): ReadonlyMap<string, number> {
  const sums = new Map<string, { squares: number; count: number }>();
  const center = numbersByPath(reference);
  for (const tree of trees) {
    for (const [path, value] of numbersByPath(tree)) {
      const difference = value - (center.get(path) ?? Number.NaN);
      if (Number.isNaN(difference)) continue;
      const kind = unnumbered(path);
      const sum = sums.get(kind) ?? { squares: 0, count: 0 };
      sums.set(kind, { squares: sum.squares + difference ** 2, count: sum.count + 1 });
    }
  }
  return new Map([...sums].map(([kind, { squares, count }]) => [kind, squares / count]));
}

/** `components[1].mu` as `components[].mu`. */
function unnumbered(path: string): string {
  return path.replace(/\[\d+\]/g, '[]');
}

/** The squared distance of each wanted child (row) to each one at hand (column). */
function costs(
  wanted: readonly NumberTree[],
  found: readonly NumberTree[],
  spreadOf: (path: string) => number,
): number[][] {
  const mine = found.map(numbersByPath);
  return wanted.map(numbersByPath).map((one) =>
    mine.map((other) => {
      let sum = 0;
      for (const [path, value] of one) {
        const there = other.get(path);
        const variance = spreadOf(unnumbered(path));
        // A component of another family has other parameters.
        if (there === undefined) sum += OTHER_FAMILY;
        else if (variance > 0) sum += (value - there) ** 2 / variance;
      }
      return sum;
    }),
  );
}

/** The cost of a parameter that only one of two components has: more than any spread. */
const OTHER_FAMILY = 1e6;

function joined(path: string, name: string): string {
  const isPlain = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name);
  if (!isPlain) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

function isList(node: NumberTree | string): node is readonly NumberTree[] {
  return Array.isArray(node);
}

function isNamed(node: NumberTree | string): node is Named {
  return typeof node === 'object' && !Array.isArray(node);
}
