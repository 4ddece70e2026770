/** What all pictures of components share: names, colours, and the order in which they are stacked. */
import type { PartKind } from '../model/components.js';
import { coloursOf, OTHERS } from './palette.js';

/** How components appear in pictures. */
export interface Look {
  /** By the index of the model. */
  readonly names: readonly string[];
  readonly colours: readonly string[];
  /** `the 3 components, stacked`. */
  readonly what: string;
  /** The heaviest first. */
  readonly order: readonly number[];
}

export function lookOf(kind: PartKind, names: readonly string[], weights: readonly number[]): Look {
  const order = weights.map((_, k) => k).sort((a, b) => weights[b]! - weights[a]! || a - b);
  const what = names.length === 1 ? 'the model' : `the ${names.length} ${kind}s, stacked`;
  return { names, colours: coloursOf(weights), what, order };
}

/** The colour channel; without a legend for one component. Components beyond the colours share one entry. */
export function colourChannel({ names, colours, order }: Look): Readonly<Record<string, unknown>> {
  const own = order.filter((k) => colours[k] !== OTHERS);
  const hasOthers = own.length < names.length;
  return {
    field: 'component',
    type: 'nominal',
    title: null,
    scale: {
      domain: [...own.map((k) => names[k]), ...(hasOthers ? ['others'] : [])],
      range: [...own.map((k) => colours[k]), ...(hasOthers ? [OTHERS] : [])],
    },
    ...(names.length === 1 ? { legend: null } : {}),
  };
}

/** The name by which a component is drawn. */
export function drawnName({ names, colours }: Look, k: number): string {
  return colours[k] === OTHERS ? 'others' : names[k]!;
}
