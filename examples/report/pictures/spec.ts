/** Vega-Lite specifications as plain JSON. */
import { chartConfig, type Theme } from './palette.js';

/** A specification of Vega-Lite 5, data inside: plain JSON. */
export interface ChartSpec {
  readonly $schema: string;
  /** What the picture shows, in a sentence: for a caption, and for those who do not see it. */
  readonly description: string;
  readonly [field: string]: unknown;
}

/** Rows of data of a specification. */
export type Values = readonly Readonly<Record<string, unknown>>[];

export function chartSpec(theme: Theme, description: string, body: Readonly<Record<string, unknown>>): ChartSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description,
    width: 380,
    height: 190,
    ...body,
    config: chartConfig(theme),
  };
}

/** A number with the digits that a picture shows. */
export function short(x: number): number {
  return Number(x.toPrecision(6));
}

/**
 * A title or a level as pictures show it. Vega makes expressions of such texts, which may hold no line break, and keys of plain
 * objects, which have some already, such as `constructor`: a space that is not seen tells these apart.
 */
export function drawnText(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ');
  return line in Object.prototype ? `${line}\u00a0` : line;
}
