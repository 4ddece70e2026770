/** Models in words and pictures: of a model, and of a fit. */
export type { PartKind } from './model/components.js';
export type { ChartOptions } from './pictures/charts.js';
export { charts } from './pictures/charts.js';
export type { Theme } from './pictures/palette.js';
export { COLOURS, OTHERS } from './pictures/palette.js';
export { renderSvg } from './pictures/render.js';
export type { ChartSpec } from './pictures/spec.js';
export type { FieldDifference } from './words/apart.js';
export type { AnyFit, DescribeOptions, Description, FitFacts } from './words/describe.js';
export { describe } from './words/describe.js';
export type { Note } from './words/notes.js';
export type { ComponentSummary, Correlation, FieldSummary, Summary, SummaryOptions } from './words/summary.js';
export { summary } from './words/summary.js';
export { toMarkdown, toText } from './words/text.js';
