/** Models in words: of a model, and of a fit. */
export type { PartKind } from './model/components.js';
export type { FieldDifference } from './words/apart.js';
export type { AnyFit, DescribeOptions, Description, FitFacts } from './words/describe.js';
export { describe } from './words/describe.js';
export type { Note } from './words/notes.js';
export type { ComponentSummary, Correlation, FieldSummary, Summary, SummaryOptions } from './words/summary.js';
export { summary } from './words/summary.js';
export { toMarkdown, toText } from './words/text.js';
