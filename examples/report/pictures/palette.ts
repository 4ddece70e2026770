/** Colours and the look of all pictures. */

/**
 * Colours that colour-blind readers tell apart, on white and on black, in an order that keeps the first ones far apart.
 * Source: Okabe & Ito (2008), Color Universal Design, without their black.
 */
export const COLOURS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442'] as const;
/** Of the components beyond the colours, together. */
export const OTHERS = '#999999';

/** Light paper with dark ink, or the reverse. */
export type Theme = 'light' | 'dark';

/**
 * Text and lines, and what should not strike the eye. A page may exchange `ink`, `muted` and `grid` by their values, but not the
 * colours of cells, `low` to `high`, and of the text on them.
 */
export const INKS = {
  light: {
    ink: '#1f2328',
    muted: '#59636e',
    grid: '#e4e7eb',
    paper: '#ffffff',
    low: '#eef4fa',
    high: '#0072b2',
    onLow: '#14181d',
  },
  dark: {
    ink: '#e6e8eb',
    muted: '#a3abb5',
    grid: '#343a42',
    paper: '#15181c',
    low: '#1b2733',
    high: '#56b4e9',
    onLow: '#f2f4f6',
  },
} as const;

/** The configuration of Vega-Lite for a theme. */
export function chartConfig(theme: Theme): Readonly<Record<string, unknown>> {
  const { ink, muted, grid } = INKS[theme];
  const font = 'system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';
  return {
    background: null,
    font,
    view: { stroke: null },
    axis: {
      labelColor: muted,
      titleColor: ink,
      titleFontWeight: 'normal',
      gridColor: grid,
      domainColor: muted,
      tickColor: muted,
      labelFontSize: 11,
      titleFontSize: 12,
      labelLimit: 220,
      titleLimit: 340,
    },
    legend: { labelColor: muted, titleColor: ink, labelFontSize: 11, orient: 'bottom', columns: 3, labelLimit: 100 },
    style: {
      observed: { stroke: ink, strokeWidth: 1, fill: ink, fillOpacity: 0, strokeOpacity: 0.85 },
    },
  };
}

/** A colour for each component: of the heaviest ones their own, of the rest grey. */
export function coloursOf(weights: readonly number[]): readonly string[] {
  if (weights.length <= COLOURS.length) return weights.map((_, k) => COLOURS[k]!);
  const byWeight = weights.map((_, k) => k).sort((a, b) => weights[b]! - weights[a]! || a - b);
  return weights.map((_, k) => COLOURS[byWeight.indexOf(k)] ?? OTHERS);
}
